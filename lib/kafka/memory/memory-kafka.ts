import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { systemClock, type Clock } from '../../foundation/clock.ts';
import type { KafkaConnect, KafkaRecord, NewTopic, ProduceRecord } from '../ports.ts';
import { Notifier } from '../notifier.ts';
import { MemoryClient } from './memory-client.ts';

export type KafkaOperation =
  | 'describeTopics'
  | 'listTopics'
  | 'createTopics'
  | 'listOffsets'
  | 'fetch'
  | 'produce';

/**
 * Called around every operation of every client. What it throws is thrown to the caller: `before`, nothing has
 * happened; `after`, it has, and only the answer is lost. It may sleep on the clock to be slow.
 */
export type Intercept = (operation: KafkaOperation, phase: 'before' | 'after') => Promise<void> | void;

export interface MemoryKafkaOptions {
  readonly clock?: Clock;
  readonly intercept?: Intercept;
}

export interface MemoryTopic {
  readonly partitions: readonly KafkaRecord[][];
  readonly configs: Readonly<Record<string, string>>;
}

/** A Kafka cluster as arrays in this process, without bytes on a wire: for unit tests and the simulation. */
export class MemoryKafka {
  readonly clock: Clock;
  readonly topics = new Map<string, MemoryTopic>();
  readonly appended: Notifier;
  readonly intercept: Intercept;

  constructor({ clock = systemClock, intercept = () => undefined }: MemoryKafkaOptions = {}) {
    this.clock = clock;
    this.intercept = intercept;
    this.appended = new Notifier(clock);
  }

  /** Clients share the topics. The servers and the client id that they are given mean nothing here. */
  readonly connect: KafkaConnect = () => new MemoryClient(this);

  createTopic({ topic, partitions, configs = {} }: Pick<NewTopic, 'topic' | 'partitions' | 'configs'>): void {
    const count = partitions === -1 ? 1 : partitions;
    this.topics.set(topic, { partitions: Array.from({ length: count }, () => []), configs });
  }

  partition(topic: string, partition: number): KafkaRecord[] | undefined {
    return this.topics.get(topic)?.partitions[partition];
  }

  /** What a topic holds, partition by partition. */
  records(topic: string): readonly KafkaRecord[] {
    return this.topics.get(topic)?.partitions.flat() ?? [];
  }

  /** Appends without a client, as another producer would; answers the record's offset. */
  append(record: ProduceRecord): bigint {
    const log = this.partition(record.topic, record.partition);
    if (!log) throw new RangeError(`Topic ${record.topic} has no partition ${record.partition}`);
    const offset = BigInt(log.length);
    log.push({
      offset,
      timestamp: record.timestamp ?? this.clock.now(),
      timestampType: 'CreateTime',
      key: record.key,
      value: record.value,
      headers: record.headers ?? [],
    });
    this.appended.notify();
    return offset;
  }

  endOffset(topic: string, partition: number): bigint {
    return BigInt(this.partition(topic, partition)?.length ?? 0);
  }

  endOffsets(topic: string): Map<TopicPartition, bigint> {
    const partitions = this.topics.get(topic)?.partitions ?? [];
    return new Map(
      partitions.map((log, partition) => [topicPartition(topic, partition), BigInt(log.length)]),
    );
  }
}
