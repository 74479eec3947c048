import { topicPartition, type TopicPartition } from '../../../lib/api/topic-partition.ts';
import { errorOf } from '../../../lib/kafka/error-codes.ts';
import { MemoryKafka } from '../../../lib/kafka/memory/memory-kafka.ts';
import type { MemoryTransaction } from '../../../lib/kafka/memory/memory-log.ts';
import type {
  CallOptions,
  FetchedPartition,
  FetchRequest,
  KafkaClient,
  ProducedPartition,
  ProduceRecord,
} from '../../../lib/kafka/ports.ts';
import { TransactionRunner } from '../../../lib/kafka/transaction-runner.ts';
import type { Agenda } from '../engine/agenda.ts';
import type { Actor } from './actor.ts';
import type { KafkaNetwork } from './kafka-network.ts';
import { SendOrder } from './send-order.ts';
import { watchedTransactions } from './transaction-watch.ts';

/** Records one send brought into Kafka, or one transaction when it was committed. */
export interface Appended {
  readonly by: Actor;
  readonly records: readonly ProduceRecord[];
}

const codes = { notLeader: 6 } as const;
/** An empty fetch takes at least this long: a slow broker, and far fewer steps in a history. */
const emptyFetchMs = 4_000;

/** The Kafka cluster of a history: the memory Kafka behind a network with faults. */
export class Kafka {
  readonly memory: MemoryKafka;
  readonly watchers: ((appended: Appended) => void)[] = [];
  readonly #agenda: Agenda;
  readonly #network: KafkaNetwork;

  constructor(agenda: Agenda, network: KafkaNetwork, epoch: number) {
    this.#agenda = agenda;
    this.#network = network;
    const clock = {
      now: () => epoch + agenda.now,
      monotonic: () => agenda.now,
      sleep: (ms: number) => new Promise<void>((resolve) => agenda.after(ms, resolve)),
    };
    this.memory = new MemoryKafka({ clock });
  }

  /** The cluster as one process reaches it. */
  client(actor: Actor): KafkaClient {
    const inner = this.memory.connect({ bootstrapServers: [], clientId: '' });
    const { process } = actor;
    const call = <T>(what: string, { signal, deadline }: CallOptions, apply: () => Promise<T>): Promise<T> =>
      process.call(what, { ...this.#network.trip(what, deadline), signal }, apply);
    /** The signal is minded on the way, the deadline by the network. */
    const free = { deadline: { remaining: () => 1, expired: false } };
    return {
      ensureFresh: async () => undefined,
      describeTopics: (topics, options) =>
        call('describe topics', options, () => inner.describeTopics(topics, free)),
      listTopics: (options) => call('list topics', options, () => inner.listTopics(free)),
      createTopics: (topics, options) =>
        call('create topics', options, () => inner.createTopics(topics, free)),
      listOffsets: (asks, options) =>
        call('list offsets', options, () =>
          inner.listOffsets(
            asks,
            options.isolation === undefined ? free : { ...free, isolation: options.isolation },
          ),
        ),
      fetch: (request, options) => call('fetch', options, () => this.#fetch(inner, request)),
      commitGroupOffsets: (group, offsets, options) =>
        call('commit group offsets', options, () => inner.commitGroupOffsets(group, offsets, free)),
      producer: (options) => {
        const producer = inner.producer(options);
        const order = new SendOrder();
        return {
          send: (records, sendOptions) =>
            order.next((turn) =>
              call(sendName(records), sendOptions, async () => {
                await turn();
                return this.#send(producer.send(records, free), records, actor);
              }),
            ),
          close: () => producer.close(),
        };
      },
      transactional: (...which) =>
        new TransactionRunner(
          watchedTransactions(this.memory, which, call, (records) => {
            for (const watch of this.watchers) watch({ by: actor, records });
          }),
        ),
      close: () => inner.close(),
      [Symbol.asyncDispose]: () => inner.close(),
    };
  }

  /** Another producer's record, perhaps in a transaction of its own. */
  append(topic: string, partition: number, value: Uint8Array, transaction?: MemoryTransaction): void {
    this.memory.append({ topic, partition, key: null, value, timestamp: null }, transaction);
  }

  /** New partitions begin empty; the old ones keep their records. */
  addPartitions(topic: string, count: number): void {
    const before = this.memory.topics.get(topic);
    this.memory.createTopic({ topic, partitions: (before?.partitions.length ?? 0) + count });
    const after = this.memory.topics.get(topic);
    if (before === undefined || after === undefined) return;
    const partitions = after.partitions.map((log, i) => before.partitions[i] ?? log);
    this.memory.topics.set(topic, { ...after, partitions });
  }

  async #send(
    sending: Promise<Map<TopicPartition, ProducedPartition>>,
    records: readonly ProduceRecord[],
    by: Actor,
  ): Promise<Map<TopicPartition, ProducedPartition>> {
    const answer = await sending;
    const taken = records.filter(
      (r) => answer.get(topicPartition(r.topic, r.partition))?.error === undefined,
    );
    for (const watch of this.watchers) watch({ by, records: taken });
    const [first] = answer.keys();
    if (first !== undefined && this.#network.leaderMoves())
      answer.set(first, { baseOffset: -1n, bytes: 0, error: errorOf(codes.notLeader) });
    return answer;
  }

  async #fetch(inner: KafkaClient, request: FetchRequest): Promise<Map<TopicPartition, FetchedPartition>> {
    const read = () =>
      inner.fetch({ ...request, maxWaitMs: 0 }, { deadline: { remaining: () => 0, expired: false } });
    const found = await read();
    const isEmpty = [...found.values()].every(
      (part) => part.records.length === 0 && part.error === undefined,
    );
    if (!isEmpty) return found;
    await new Promise<void>((resolve) => this.#agenda.after(emptyFetchMs, resolve));
    return read();
  }
}

const sendName = (records: readonly ProduceRecord[]): string => `produce to ${records[0]?.topic}`;
