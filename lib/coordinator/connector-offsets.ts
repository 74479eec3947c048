import { isBoxed } from '../api/data/boxed.ts';
import { ConnectError } from '../api/errors.ts';
import { validateOffsetFormat } from '../api/offset-format.ts';
import type { OffsetMap, OffsetPrimitive } from '../api/record.ts';
import type { Clock } from '../foundation/clock.ts';
import { stringifyExact } from '../foundation/json/stringify-exact.ts';
import { type ClusterState, storedPositions } from '../storage/items/cluster-state.ts';
import type { ConnectorItem } from '../storage/items/connector-item.ts';
import { partitionId } from '../storage/items/offsets.ts';
import { isLive } from '../storage/items/runs.ts';
import type { OffsetsInvoker } from './invoker.ts';
import { offsetsAt } from './offsets-at.ts';
import { type OffsetRequest, parseSinkOffsets } from './sink-offset-request.ts';

export interface ConnectorOffset {
  readonly partition: OffsetMap;
  readonly offset: OffsetMap | null;
}

export interface ConnectorOffsetsDeps {
  readonly state: ClusterState;
  readonly invoker: OffsetsInvoker;
  readonly clock: Clock;
}

/**
 * The offsets of a connector as Kafka Connect's REST API shows and changes them (KIP-875), and going back to what they
 * were. Changes need a connector that is stopped, without anything live; each answers with the message for the user.
 */
export class ConnectorOffsets {
  readonly #deps: ConnectorOffsetsDeps;
  constructor(deps: ConnectorOffsetsDeps) {
    this.#deps = deps;
  }

  /** Partitions whose offset was deleted are left out. */
  async list(name: string): Promise<ConnectorOffset[]> {
    const stored = await storedPositions(this.#deps.state, await this.#known(name));
    return stored
      .filter(({ offset }) => offset !== null)
      .map(({ partition, offset }) => ({ partition, offset }));
  }

  /** Changes the given partitions alone; a null offset deletes one. Numbers are those of `requestNumber`. */
  async alter(name: string, requests: readonly OffsetRequest[] | null | undefined): Promise<string> {
    if (requests === null || requests === undefined || requests.length === 0)
      throw badRequest('Partitions / offsets need to be provided for an alter offsets request');
    const connector = await this.#stopped(name);
    const offsets = connector.type === 'sink' ? sinkOffsets(requests) : sourceOffsets(requests);
    return messageOf(await this.#ask(connector, offsets), 'altered');
  }

  async reset(name: string): Promise<string> {
    return messageOf(await this.#ask(await this.#stopped(name), null), 'reset');
  }

  /**
   * Sets every partition to the position it had at that time (milliseconds since the epoch), or to the latest one before
   * it that was kept: records may be delivered again, none is skipped. Those that had none then have none again.
   */
  async rewind(name: string, time: number): Promise<string> {
    const connector = await this.#stopped(name);
    const { state } = this.#deps;
    const now = this.#deps.clock.now();
    const [stored, kept] = await Promise.all([
      storedPositions(state, connector),
      state.offsetHistory.list(name),
    ]);
    const changes = offsetsAt(time, { stored, kept, now });
    if (changes.length > 0) await this.#ask(connector, changes);
    return `The offsets of this connector are those of ${new Date(time).toISOString()}; ${changes.length} of ${stored.length} partitions were set back`;
  }

  async #ask(
    { name, configVersion, worker }: ConnectorItem,
    offsets: readonly ConnectorOffset[] | null,
  ): Promise<boolean> {
    const { state, invoker } = this.#deps;
    const response = await invoker.alterOffsets(worker, {
      op: 'alterOffsets',
      connector: name,
      configVersion,
      // Drawn here: a worker cannot write the connector.
      epoch: await state.connectors.nextEpoch(name),
      offsets: offsets === null ? null : stringifyExact(offsets),
    });
    if (response.ok) return response.handled;
    throw new ConnectError(response.message, { code: response.code });
  }

  async #known(name: string): Promise<ConnectorItem> {
    const connector = await this.#deps.state.connectors.get(name);
    if (connector === undefined) throw new ConnectError(`Connector ${name} not found`, { code: 'NOT_FOUND' });
    return connector;
  }

  async #stopped(name: string): Promise<ConnectorItem> {
    const connector = await this.#known(name);
    const { tasks, runs } = await this.#deps.state.snapshot(name, connector.runsFrom);
    const atRest = connector.targetState === 'STOPPED' && connector.state === 'STOPPED';
    if (atRest && tasks.length === 0 && !runs.some(isLive)) return connector;
    throw badRequest(
      `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`,
    );
  }
}

const sinkOffsets = (requests: readonly OffsetRequest[]): ConnectorOffset[] =>
  [...parseSinkOffsets(requests).values()].map(({ topic, partition, offset }) => ({
    partition: { kafka_topic: topic, kafka_partition: partition },
    offset: offset === null ? null : { kafka_offset: offset },
  }));

/** Of several offsets for one partition the last counts, as in Kafka Connect. */
function sourceOffsets(requests: readonly OffsetRequest[]): ConnectorOffset[] {
  const byPartition = new Map<string, ConnectorOffset>();
  for (const { partition, offset } of requests) {
    if (partition === null || partition === undefined)
      throw new ConnectError('Partition objects cannot be null');
    validateOffsetFormat(partition);
    validateOffsetFormat(offset);
    const each = {
      partition: plain(partition),
      offset: offset === null || offset === undefined ? null : plain(offset),
    };
    byPartition.set(partitionId(each.partition), each);
  }
  return [...byPartition.values()];
}

/** As a JSON round trip leaves it. */
const plain = (map: object): OffsetMap =>
  Object.fromEntries(
    Object.entries(map as Readonly<Record<string, unknown>>).map(([key, value]) => [
      key,
      (isBoxed(value) ? value.value : value) as OffsetPrimitive,
    ]),
  );

/** Connect's words. */
const messageOf = (handled: boolean, done: 'altered' | 'reset'): string =>
  handled
    ? `The offsets for this connector have been ${done} successfully`
    : `The Connect framework-managed offsets for this connector have been ${done} successfully. However, if this connector manages offsets externally, they will need to be manually ${done} in the system that the connector uses.`;

const badRequest = (message: string): ConnectError => new ConnectError(message, { code: 'BAD_REQUEST' });
