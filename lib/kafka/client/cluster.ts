import type { ResponseOf } from '../protocol/api.ts';
import { metadataApi } from '../protocol/cluster-apis.ts';
import { errorOf } from '../error-codes.ts';
import { KafkaError } from '../kafka-error.ts';
import type { CallOptions } from '../ports.ts';
import { parseBootstrapServers } from './bootstrap-servers.ts';
import { addressText, type BrokerAddress } from './broker-address.ts';
import type { BrokerConnection } from './broker-connection.ts';
import { ConnectionPool, type ConnectionUse } from './connection-pool.ts';
import type { ClientContext } from './client-context.ts';
import { unreachable } from './connection-error.ts';
import { within } from './within.ts';

export type Metadata = ResponseOf<typeof metadataApi>;

/** Partition leaders by partition; -1 where there is none. */
type Leaders = readonly number[];

/** Who the brokers are and who leads what. Learned when needed, learned anew when something did not fit. */
export class Cluster {
  readonly #context: ClientContext;
  readonly #pool: ConnectionPool;
  readonly #bootstrap: readonly BrokerAddress[];
  readonly #leaders = new Map<string, Leaders>();
  #nodes = new Map<number, BrokerAddress>();
  #controllerId = -1;
  #stale = false;

  constructor(context: ClientContext) {
    this.#context = context;
    this.#pool = new ConnectionPool(context);
    this.#bootstrap = parseBootstrapServers(context.options.bootstrapServers);
  }

  get controllerId(): number {
    return this.#controllerId;
  }

  /** A node id; -1: none at the moment; undefined: no such partition as far as is known. */
  leaderOf(topic: string, partition: number): number | undefined {
    return this.#leaders.get(topic)?.[partition];
  }

  /** Something answered that it is not (any more) what the metadata says: the next `learn` asks again. */
  markStale(): void {
    this.#stale = true;
  }

  /** Makes the leaders of `topics` known; topics that do not exist stay unknown. Throws KafkaError. */
  async learn(topics: Iterable<string>, call: CallOptions): Promise<void> {
    const wanted = [...topics];
    if (!this.#stale && wanted.every((topic) => this.#leaders.has(topic))) return;
    await this.metadata([...new Set([...wanted, ...this.#leaders.keys()])], call);
    this.#stale = false;
  }

  /** Asks any broker; null: about all topics. Topics are in the answer with their error code. */
  async metadata(topics: readonly string[] | null, call: CallOptions): Promise<Metadata> {
    const connection = await this.anyConnection(call);
    const request = { topics, allowAutoTopicCreation: false };
    const metadata = await within(connection.request(metadataApi, request), call, this.#context.clock);
    this.#nodes = new Map(metadata.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    this.#controllerId = metadata.controllerId;
    for (const topic of metadata.topics) {
      if (topic.errorCode === 0) this.#leaders.set(topic.topic, leadersOf(topic.partitions));
      else this.#leaders.delete(topic.topic);
    }
    return metadata;
  }

  async connectionTo(nodeId: number, use: ConnectionUse, call: CallOptions): Promise<BrokerConnection> {
    const address = this.#nodes.get(nodeId);
    if (address) return this.connectionAt(address, use, call);
    this.markStale();
    throw errorOf(8, { retriable: true, message: `Broker ${nodeId} is not in the metadata of the cluster` });
  }

  async connectionAt(
    address: BrokerAddress,
    use: ConnectionUse,
    call: CallOptions,
  ): Promise<BrokerConnection> {
    try {
      return await within(this.#pool.connection(address, use), call, this.#context.clock);
    } catch (error) {
      this.markStale();
      throw error;
    }
  }

  /** To whoever answers: an open connection, else a known broker, else a bootstrap server. */
  async anyConnection(call: CallOptions): Promise<BrokerConnection> {
    const open = this.#pool.anyOpen();
    if (open) return open;
    const candidates = [...this.#nodes.values(), ...this.#shuffledBootstrap()];
    let last: KafkaError | undefined;
    for (const address of candidates) {
      try {
        return await within(this.#pool.connection(address, 'requests'), call, this.#context.clock);
      } catch (error) {
        if (!(error instanceof KafkaError) || !error.retriable) throw error;
        last = error;
        if (call.deadline.expired) break;
      }
    }
    throw unreachable(this.#bootstrap.map(addressText), last ?? errorOf(8));
  }

  dropIdleConnections(): void {
    this.#pool.dropIdle();
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #shuffledBootstrap(): readonly BrokerAddress[] {
    const first = Math.floor(this.#context.random.next() * this.#bootstrap.length);
    return [...this.#bootstrap.slice(first), ...this.#bootstrap.slice(0, first)];
  }
}

function leadersOf(partitions: Metadata['topics'][number]['partitions']): Leaders {
  const leaders: number[] = Array.from({ length: partitions.length }, () => -1);
  for (const { partition, leader } of partitions) leaders[partition] = leader;
  return leaders;
}
