import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import type { Clock } from '../../foundation/clock.ts';
import { deadlineIn } from '../../foundation/deadline.ts';
import type {
  CallOptions,
  FetchedPartition,
  FetchRequest,
  KafkaClient,
  KafkaRecord,
  ProducedPartition,
  ProduceRecord,
} from '../../kafka/ports.ts';

export interface KafkaUnderTest {
  /** Clients of one cluster. */
  connect(): KafkaClient;
  readonly clock: Clock;
  /** What is stored for a consumer group, read by other means than the client under test. */
  groupOffset(group: string, topic: string, partition: number): Promise<bigint | undefined>;
  close(): Promise<void>;
}

/** The Kafka under test with what every test of the suite does with it: topics of its own, sends, reads. */
export class KafkaProbe {
  readonly #kafka: KafkaUnderTest;
  readonly client: KafkaClient;
  #topics = 0;

  constructor(kafka: KafkaUnderTest) {
    this.#kafka = kafka;
    this.client = kafka.connect();
  }

  get clock(): Clock {
    return this.#kafka.clock;
  }

  connect(): KafkaClient {
    return this.#kafka.connect();
  }

  groupOffset(group: string, topic: string, partition = 0): Promise<bigint | undefined> {
    return this.#kafka.groupOffset(group, topic, partition);
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.#kafka.close();
  }

  call(ms = 15_000): CallOptions {
    return { deadline: deadlineIn(ms, this.clock) };
  }

  async newTopic(partitions = 1, configs: Record<string, string> = {}): Promise<string> {
    const topic = `suite-${this.clock.now().toString(36)}-${this.#topics++}`;
    const wanted = [{ topic, partitions, replicationFactor: -1, configs }];
    const { created } = await this.client.createTopics(wanted, this.call());
    if (created[0] !== topic) throw new Error(`topic ${topic} exists already`);
    return topic;
  }

  /** With a producer of its own. */
  async send(records: readonly ProduceRecord[]): Promise<Map<TopicPartition, ProducedPartition>> {
    const producer = this.client.producer({});
    try {
      return await producer.send(records, this.call());
    } finally {
      await producer.close();
    }
  }

  /** One fetch of partition 0. */
  async fetchAt(topic: string, offset: bigint, more: Partial<FetchRequest> = {}): Promise<FetchedPartition> {
    const fetched = await this.client.fetch(requestFor([{ topic, partition: 0, offset }], more), this.call());
    const partition = fetched.get(topicPartition(topic, 0));
    if (!partition) throw new Error('the fetched partition is not in the answer');
    return partition;
  }

  /** Fetches until there is an answer for each of the assignments: the first for each. */
  async fetchEach(assignments: FetchRequest['assignments']): Promise<Map<TopicPartition, FetchedPartition>> {
    const answers = new Map<TopicPartition, FetchedPartition>();
    while (answers.size < assignments.length) {
      const fetched = await this.client.fetch(requestFor(assignments), this.call());
      for (const [partition, answer] of fetched) if (!answers.has(partition)) answers.set(partition, answer);
    }
    return answers;
  }

  /** What each partition holds, to its end. */
  async readAll(topic: string, partitions = 1): Promise<KafkaRecord[][]> {
    const offsets = Array.from({ length: partitions }, () => 0n);
    const records: KafkaRecord[][] = Array.from({ length: partitions }, () => []);
    for (let ended = false; !ended; ) {
      const assignments = offsets.map((offset, partition) => ({ topic, partition, offset }));
      const fetched = await this.client.fetch(requestFor(assignments), this.call());
      ended = true;
      for (const partition of offsets.keys()) {
        const answer = fetched.get(topicPartition(topic, partition));
        if (answer?.error) throw answer.error;
        ended &&= answer !== undefined && answer.nextOffset >= answer.highWatermark;
        records[partition]?.push(...(answer?.records ?? []));
        offsets[partition] = answer?.nextOffset ?? offsets[partition] ?? 0n;
      }
    }
    return records;
  }
}

export function requestFor(
  assignments: FetchRequest['assignments'],
  more: Partial<FetchRequest> = {},
): FetchRequest {
  return {
    assignments,
    maxBytes: 50_000_000,
    minBytes: 1,
    maxWaitMs: 500,
    isolation: 'read_committed',
    ...more,
  };
}

/** On partition 0, without a key, unless `more` says otherwise. */
export function recordFor(
  topic: string,
  value: string | null,
  more: Partial<ProduceRecord> = {},
): ProduceRecord {
  const bytes = value === null ? null : Buffer.from(value);
  return { topic, partition: 0, key: null, value: bytes, timestamp: 1_700_000_000_000, ...more };
}

export function textOf(bytes: Uint8Array | null | undefined): string | null {
  return bytes ? Buffer.from(bytes).toString() : null;
}

export const textsOf = (records: readonly KafkaRecord[]): (string | null)[] =>
  records.map(({ value }) => textOf(value));
