import type { ConnectorConfig } from '../api/config.ts';
import type { ErrantRecordReporter, SinkOffsets, SinkTaskContext } from '../api/context.ts';
import type { SinkRecord } from '../api/record.ts';
import type { SinkTask } from '../api/sink.ts';
import { topicPartition, type TopicPartition } from '../api/topic-partition.ts';
import { sinkTaskContext } from './task-context.ts';

/** A topic-partition as it stands in Kafka, and the offset a sink has committed for it. */
export class MemoryPartition {
  readonly key: TopicPartition;
  readonly topic: string;
  readonly partition: number;
  readonly records: SinkRecord[] = [];
  committed = 0n;
  #next = 0n;

  constructor(topic: string, partition = 0) {
    this.topic = topic;
    this.partition = partition;
    this.key = topicPartition(topic, partition);
  }

  append(...values: Pick<SinkRecord, 'key' | 'keySchema' | 'value' | 'valueSchema'>[]): void {
    for (const value of values) {
      const { topic, partition } = this;
      const offset = this.#next++;
      const original = {
        originalTopic: topic,
        originalKafkaPartition: partition,
        originalKafkaOffset: offset,
      };
      this.records.push({
        ...value,
        ...original,
        topic,
        kafkaPartition: partition,
        kafkaOffset: offset,
        timestamp: 0,
        timestampType: 'CreateTime',
      });
    }
  }

  /** Offsets without a record, as compaction and transactions leave them. */
  skip(offsets: number): void {
    this.#next += BigInt(offsets);
  }
}

export interface SinkRunOptions {
  readonly config: ConnectorConfig;
  readonly partitions: readonly MemoryPartition[];
  readonly errantRecordReporter?: ErrantRecordReporter;
}

/**
 * One run of a sink task over partitions in memory, advanced step by step as a worker would. To simulate a crash
 * stop calling it; to simulate a zombie go on calling it while another run works.
 */
export class SinkRun {
  readonly context: SinkTaskContext;
  readonly #task: SinkTask;
  readonly #options: SinkRunOptions;
  readonly #positions = new Map<TopicPartition, bigint>();

  constructor(task: SinkTask, options: SinkRunOptions) {
    this.#task = task;
    this.#options = options;
    this.context = sinkTaskContext({
      config: options.config,
      assignment: options.partitions.map(({ key }) => key),
      errantRecordReporter: options.errantRecordReporter ?? null,
      onOffset: (offsets) => {
        for (const [key, offset] of offsets) this.#positions.set(key, offset);
      },
    });
  }

  async start(): Promise<void> {
    const { config, partitions } = this.#options;
    for (const { key, committed } of partitions) this.#positions.set(key, committed);
    await this.#task.start?.(config, this.context);
    await this.#task.open?.([...this.context.assignment], this.context);
  }

  /** Delivers up to `max` records of each partition; false when there were none. */
  async deliver(max = Number.POSITIVE_INFINITY): Promise<boolean> {
    const batch: SinkRecord[] = [];
    for (const { key, records } of this.#options.partitions) {
      const position = this.#positions.get(key) ?? 0n;
      const next = records.filter((record) => record.originalKafkaOffset >= position).slice(0, max);
      const last = next.at(-1);
      if (last !== undefined) this.#positions.set(key, last.originalKafkaOffset + 1n);
      batch.push(...next);
    }
    await this.#task.put(batch, this.context);
    return batch.length > 0;
  }

  /** Asks the task what may be committed, without storing it. */
  async preCommit(): Promise<SinkOffsets> {
    const current = new Map(this.#positions);
    const answer = await this.#task.preCommit?.(current, this.context);
    if (answer !== undefined) return answer;
    await this.#task.flush?.(current, this.context);
    return current;
  }

  async commit(): Promise<void> {
    for (const [key, offset] of await this.preCommit()) {
      const partition = this.#options.partitions.find((candidate) => candidate.key === key);
      if (partition !== undefined && offset <= (this.#positions.get(key) ?? 0n)) partition.committed = offset;
    }
  }

  /** Delivers and commits until nothing is left. */
  async drain(max?: number): Promise<void> {
    do {
      while (await this.deliver(max)) await this.commit();
      await this.commit();
    } while (await this.deliver(max));
    await this.commit();
  }

  async stop(): Promise<void> {
    await this.#task.close?.([...this.context.assignment], this.context);
    await this.#task.stop?.();
  }
}
