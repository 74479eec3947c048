/** What a test can make the broker do wrong. Each fault of `next` holds for so many requests, then is spent. */
export type FaultAction =
  /** The connection ends before the request is handled: nothing happened. */
  | { readonly kind: 'drop request' }
  /** The request is handled, then the connection ends: the client cannot know. */
  | { readonly kind: 'drop answer' }
  /** As before, with half of the answer sent. */
  | { readonly kind: 'cut answer' }
  | { readonly kind: 'delay'; readonly ms: number }
  /**
   * The request, or every partition of it, is answered with this code and left alone. Produce, Fetch, ListOffsets,
   * FindCoordinator, InitProducerId, AddPartitionsToTxn, EndTxn and OffsetCommit.
   */
  | { readonly kind: 'error'; readonly code: number };

export interface DevBrokerFaults {
  /** Arms `action` for the next `times` (default 1) requests of the API, such as 'Produce'. */
  next(api: string, action: FaultAction, times?: number): void;
  /** The partition's leader becomes that node (-1: none); the node before answers NOT_LEADER_OR_FOLLOWER. */
  moveLeader(topic: string, partition: number, nodeId: number): void;
  /** Closes every connection, as a broker does with idle ones. */
  closeConnections(): Promise<void>;
  /** What is sent over the connections of this moment goes nowhere, as when a firewall has forgotten them. */
  silenceConnections(): void;
  /** The node stops listening and closes its connections; `startNode` brings it back on the same port. */
  stopNode(nodeId: number): Promise<void>;
  startNode(nodeId: number): Promise<void>;
}

export class ArmedFaults {
  readonly #armed: { readonly api: string; readonly action: FaultAction; times: number }[] = [];

  arm(api: string, action: FaultAction, times: number): void {
    this.#armed.push({ api, action, times });
  }

  /** The fault for this request, used up by asking. */
  take(api: string): FaultAction | undefined {
    const index = this.#armed.findIndex((fault) => fault.api === api);
    const fault = this.#armed[index];
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times <= 0) this.#armed.splice(index, 1);
    return fault.action;
  }
}
