import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { errorOf } from '../error-codes.ts';
import { closedError } from '../kafka-error.ts';
import type {
  CallOptions,
  FetchedPartition,
  FetchRequest,
  GroupOffset,
  Isolation,
  KafkaClient,
  KafkaProducer,
  NewTopic,
  OffsetAnswer,
  OffsetAsk,
  TopicDescription,
  TransactionalOptions,
  TransactionalProducer,
} from '../ports.ts';
import { TransactionRunner } from '../transaction-runner.ts';
import { sizeOf } from './memory-log.ts';
import type { KafkaOperation, MemoryKafka } from './memory-kafka.ts';
import { MemoryProducer } from './memory-producer.ts';
import { MemoryTransactionSteps } from './memory-transaction-steps.ts';

const codes = {
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  invalidTopic: 17,
  invalidPartitions: 37,
} as const;
const onlyBroker = 1;

/** One client of a MemoryKafka; see there. */
export class MemoryClient implements KafkaClient {
  readonly #kafka: MemoryKafka;
  readonly #closing = new AbortController();

  constructor(kafka: MemoryKafka) {
    this.#kafka = kafka;
  }

  async ensureFresh(): Promise<void> {
    // Nothing goes stale in memory.
  }

  describeTopics(topics: readonly string[], call: CallOptions): Promise<Map<string, TopicDescription>> {
    return this.perform('describeTopics', call, () => {
      const described = new Map<string, TopicDescription>();
      for (const topic of topics) {
        const known = this.#kafka.topics.get(topic);
        if (!known) continue;
        described.set(topic, {
          partitions: known.partitions.map((_, partition) => ({ partition, leader: onlyBroker })),
        });
      }
      return described;
    });
  }

  listTopics(call: CallOptions): Promise<string[]> {
    return this.perform('listTopics', call, () =>
      [...this.#kafka.topics.keys()].filter((topic) => !topic.startsWith('__')),
    );
  }

  createTopics(
    topics: readonly NewTopic[],
    call: CallOptions,
  ): Promise<{ created: string[]; existing: string[] }> {
    return this.perform('createTopics', call, () => {
      const created: string[] = [];
      const existing: string[] = [];
      for (const topic of topics) {
        if (this.#kafka.topics.has(topic.topic)) existing.push(topic.topic);
        else {
          checkNewTopic(topic);
          this.#kafka.createTopic(topic);
          created.push(topic.topic);
        }
      }
      return { created, existing };
    });
  }

  listOffsets(
    asks: readonly OffsetAsk[],
    call: CallOptions & { readonly isolation?: Isolation },
  ): Promise<Map<TopicPartition, OffsetAnswer>> {
    const { isolation = 'read_uncommitted' } = call;
    return this.perform('listOffsets', call, () => {
      this.#kafka.transactions.expire();
      return new Map(
        asks.map((ask) => [topicPartition(ask.topic, ask.partition), this.#offset(ask, isolation)]),
      );
    });
  }

  fetch(request: FetchRequest, call: CallOptions): Promise<Map<TopicPartition, FetchedPartition>> {
    const { clock, appended } = this.#kafka;
    const until = clock.monotonic() + Math.min(request.maxWaitMs, call.deadline.remaining());
    return this.perform('fetch', call, async () => {
      for (;;) {
        const fetched = this.#read(request);
        const left = until - clock.monotonic();
        const answered = request.assignments.some(({ topic, partition, offset }) => {
          const { error, nextOffset = offset } = fetched.get(topicPartition(topic, partition)) ?? {};
          return error !== undefined || nextOffset > offset;
        });
        if (answered || fetched.size === 0 || left <= 0) return fetched;
        await appended.wait(left, this.#signal(call));
        this.#check(call);
      }
    });
  }

  commitGroupOffsets(group: string, offsets: readonly GroupOffset[], call: CallOptions): Promise<void> {
    return this.perform('commitGroupOffsets', call, () => {
      const known = this.#kafka.groupOffsets.get(group) ?? new Map<TopicPartition, bigint>();
      const exists = ({ topic, partition }: GroupOffset) => this.#kafka.partition(topic, partition);
      for (const stored of offsets.filter(exists))
        known.set(topicPartition(stored.topic, stored.partition), stored.offset);
      this.#kafka.groupOffsets.set(group, known);
      const unknown = offsets.find((offset) => !exists(offset));
      if (unknown) throw errorOf(codes.unknownTopicOrPartition, unknown);
    });
  }

  producer(): KafkaProducer {
    return new MemoryProducer(this.#kafka, this);
  }

  transactional(transactionalId: string, { timeoutMs }: TransactionalOptions): TransactionalProducer {
    return new TransactionRunner(new MemoryTransactionSteps(this.#kafka, this, transactionalId, timeoutMs));
  }

  /** Runs an operation as a call of this client: interception around it, deadline and signals before and after. */
  async perform<T>(operation: KafkaOperation, call: CallOptions, work: () => T | Promise<T>): Promise<T> {
    this.#check(call);
    await this.#kafka.intercept(operation, 'before');
    this.#check(call);
    const result = await work();
    await this.#kafka.intercept(operation, 'after');
    this.#check(call);
    return result;
  }

  async close(): Promise<void> {
    this.#closing.abort(closedError('client'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #signal({ signal }: CallOptions): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
  }

  #check(call: CallOptions): void {
    this.#signal(call).throwIfAborted();
  }

  #offset({ topic, partition, at }: OffsetAsk, isolation: Isolation): OffsetAnswer {
    const log = this.#kafka.partition(topic, partition);
    if (!log) return { offset: -1n, error: errorOf(codes.unknownTopicOrPartition, { topic, partition }) };
    if (at === 'earliest') return { offset: log.startOffset };
    if (at === 'latest') return { offset: log.readableEnd(isolation) };
    return { offset: log.offsetOfTimestamp(at.timestamp, isolation) ?? -1n };
  }

  #read(request: FetchRequest): Map<TopicPartition, FetchedPartition> {
    this.#kafka.transactions.expire();
    const fetched = new Map<TopicPartition, FetchedPartition>();
    const { isolation, maxPartitionBytes = Infinity } = request;
    let left = request.maxBytes;
    for (const { topic, partition, offset } of request.assignments) {
      const log = this.#kafka.partition(topic, partition);
      const position = {
        nextOffset: offset,
        highWatermark: log?.endOffset ?? -1n,
        lastStableOffset: log?.lastStableOffset ?? -1n,
        logStartOffset: log?.startOffset ?? -1n,
      };
      const key = topicPartition(topic, partition);
      if (!log || offset < log.startOffset || offset > log.endOffset) {
        const code = log ? codes.offsetOutOfRange : codes.unknownTopicOrPartition;
        fetched.set(key, { records: [], ...position, error: errorOf(code, { topic, partition }) });
        continue;
      }
      const maxBytes = Math.min(left, maxPartitionBytes);
      const read = log.read({ offset, maxBytes, isolation, progress: fetched.size === 0 });
      for (const record of read.records) left -= sizeOf(record);
      fetched.set(key, { ...position, ...read });
    }
    return fetched;
  }
}

function checkNewTopic({ topic, partitions }: NewTopic): void {
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(topic) || topic === '.' || topic === '..')
    throw errorOf(codes.invalidTopic, { topic });
  if (partitions !== -1 && partitions < 1) throw errorOf(codes.invalidPartitions, { topic });
}
