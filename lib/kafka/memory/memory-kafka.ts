import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { systemClock, type Clock } from '../../foundation/clock.ts';
import { encoded, type KafkaConnect, type KafkaRecord, type NewTopic, type ProduceRecord } from '../ports.ts';
import { Notifier } from '../notifier.ts';
import { MemoryClient } from './memory-client.ts';
import { MemoryLog, type MemoryTransaction } from './memory-log.ts';
import { MemoryTransactions } from './memory-transactions.ts';

export type KafkaOperation =
  | 'describeTopics'
  | 'listTopics'
  | 'createTopics'
  | 'listOffsets'
  | 'fetch'
  | 'produce'
  | 'commitGroupOffsets'
  | 'initTransactions'
  | 'commitTransaction'
  | 'abortTransaction';

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
  readonly partitions: readonly MemoryLog[];
  readonly configs: Readonly<Record<string, string>>;
}

/** A Kafka cluster as arrays in this process, without bytes on a wire: for unit tests and the simulation. */
export class MemoryKafka {
  readonly clock: Clock;
  readonly topics = new Map<string, MemoryTopic>();
  readonly appended: Notifier;
  /** Offsets stored for consumer groups, by group. */
  readonly groupOffsets = new Map<string, Map<TopicPartition, bigint>>();
  readonly transactions: MemoryTransactions;
  readonly intercept: Intercept;

  constructor({ clock = systemClock, intercept = () => undefined }: MemoryKafkaOptions = {}) {
    this.clock = clock;
    this.intercept = intercept;
    this.appended = new Notifier(clock);
    this.transactions = new MemoryTransactions(clock, () => this.appended.notify());
  }

  /** Clients share the topics. The servers and the client id that they are given mean nothing here. */
  readonly connect: KafkaConnect = () => new MemoryClient(this);

  createTopic({ topic, partitions, configs = {} }: Pick<NewTopic, 'topic' | 'partitions' | 'configs'>): void {
    const count = partitions === -1 ? 1 : partitions;
    this.topics.set(topic, { partitions: Array.from({ length: count }, () => new MemoryLog()), configs });
  }

  addPartitions(topic: string, count: number): void {
    const { partitions = [], configs = {} } = this.topics.get(topic) ?? {};
    const added = Array.from({ length: count }, () => new MemoryLog());
    this.topics.set(topic, { partitions: [...partitions, ...added], configs });
  }

  partition(topic: string, partition: number): MemoryLog | undefined {
    return this.topics.get(topic)?.partitions[partition];
  }

  /** What a reader of committed records finds in a topic, partition by partition. */
  records(topic: string): readonly KafkaRecord[] {
    return this.topics.get(topic)?.partitions.flatMap((log) => log.records()) ?? [];
  }

  /** Appends without a client, as another producer would; answers the record's offset. */
  append(record: ProduceRecord, transaction?: MemoryTransaction): bigint {
    const log = this.partition(record.topic, record.partition);
    if (!log) throw new RangeError(`Topic ${record.topic} has no partition ${record.partition}`);
    const offset = log.append(encoded(record), this.clock.now(), transaction);
    this.appended.notify();
    return offset;
  }

  endOffset(topic: string, partition: number): bigint {
    return this.partition(topic, partition)?.endOffset ?? 0n;
  }

  endOffsets(topic: string): Map<TopicPartition, bigint> {
    const partitions = this.topics.get(topic)?.partitions ?? [];
    return new Map(
      partitions.map(({ endOffset }, partition) => [topicPartition(topic, partition), endOffset]),
    );
  }
}
