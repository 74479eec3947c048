import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { errorOf } from '../error-codes.ts';
import { closedError } from '../kafka-error.ts';
import type {
  CallOptions,
  FetchedPartition,
  FetchRequest,
  KafkaClient,
  KafkaProducer,
  KafkaRecord,
  NewTopic,
  OffsetAnswer,
  OffsetAsk,
  TopicDescription,
} from '../ports.ts';
import type { KafkaOperation, MemoryKafka } from './memory-kafka.ts';
import { MemoryProducer } from './memory-producer.ts';

const codes = {
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  invalidTopic: 17,
  invalidPartitions: 37,
} as const;
const onlyBroker = 1;
/** About what a record costs beside its key and value. */
const recordOverhead = 20;

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

  listOffsets(asks: readonly OffsetAsk[], call: CallOptions): Promise<Map<TopicPartition, OffsetAnswer>> {
    return this.perform(
      'listOffsets',
      call,
      () => new Map(asks.map((ask) => [topicPartition(ask.topic, ask.partition), this.#offset(ask)])),
    );
  }

  fetch(request: FetchRequest, call: CallOptions): Promise<Map<TopicPartition, FetchedPartition>> {
    const { clock, appended } = this.#kafka;
    const until = clock.monotonic() + Math.min(request.maxWaitMs, call.deadline.remaining());
    return this.perform('fetch', call, async () => {
      for (;;) {
        const fetched = this.#read(request);
        const left = until - clock.monotonic();
        const answered = [...fetched.values()].some(({ records, error }) => records.length > 0 || error);
        if (answered || fetched.size === 0 || left <= 0) return fetched;
        await appended.wait(left, this.#signal(call));
        this.#check(call);
      }
    });
  }

  producer(): KafkaProducer {
    return new MemoryProducer(this.#kafka, this);
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

  #offset({ topic, partition, at }: OffsetAsk): OffsetAnswer {
    const log = this.#kafka.partition(topic, partition);
    if (!log) return { offset: -1n, error: errorOf(codes.unknownTopicOrPartition, { topic, partition }) };
    if (at === 'earliest') return { offset: 0n };
    if (at === 'latest') return { offset: BigInt(log.length) };
    return { offset: log.find(({ timestamp }) => timestamp >= at.timestamp)?.offset ?? -1n };
  }

  #read(request: FetchRequest): Map<TopicPartition, FetchedPartition> {
    const fetched = new Map<TopicPartition, FetchedPartition>();
    let left = request.maxBytes;
    for (const { topic, partition, offset } of request.assignments) {
      const log = this.#kafka.partition(topic, partition);
      const end = BigInt(log?.length ?? -1);
      const position = {
        nextOffset: offset,
        highWatermark: end,
        lastStableOffset: end,
        logStartOffset: log ? 0n : -1n,
      };
      const key = topicPartition(topic, partition);
      const code = !log
        ? codes.unknownTopicOrPartition
        : offset < 0n || offset > end
          ? codes.offsetOutOfRange
          : undefined;
      if (!log || code !== undefined) {
        fetched.set(key, { records: [], ...position, error: errorOf(code ?? 0, { topic, partition }) });
        continue;
      }
      const records = upTo(
        log,
        Number(offset),
        Math.min(left, request.maxPartitionBytes ?? left),
        fetched.size === 0,
      );
      for (const record of records) left -= sizeOf(record);
      fetched.set(key, { records, ...position, nextOffset: offset + BigInt(records.length) });
    }
    return fetched;
  }
}

function checkNewTopic({ topic, partitions }: NewTopic): void {
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(topic) || topic === '.' || topic === '..')
    throw errorOf(codes.invalidTopic, { topic });
  if (partitions !== -1 && partitions < 1) throw errorOf(codes.invalidPartitions, { topic });
}

const sizeOf = ({ key, value }: KafkaRecord): number =>
  recordOverhead + (key?.length ?? 0) + (value?.length ?? 0);

/** Records from `from` on within `maxBytes`; at least one where `progress` asks for it. */
function upTo(log: readonly KafkaRecord[], from: number, maxBytes: number, progress: boolean): KafkaRecord[] {
  let size = 0;
  let end = from;
  for (; end < log.length; end++) {
    const record = log[end];
    if (!record || (size + sizeOf(record) > maxBytes && !(progress && end === from))) break;
    size += sizeOf(record);
  }
  return log.slice(from, end);
}
