import type { SinkOffsets } from '../api/context.ts';
import { ConnectError } from '../api/errors.ts';
import type { OffsetMap } from '../api/record.ts';
import { splitTopicPartition, topicPartition, type TopicPartition } from '../api/topic-partition.ts';
import type { KafkaClient, CallOptions } from '../kafka/ports.ts';
import type { Assignment } from '../storage/items/tasks.ts';
import type { RunOffsets } from './run-offsets.ts';

/** Offset partition of a topic-partition, as Connect's REST API shows it. */
export const sinkPartition = (partition: TopicPartition): OffsetMap => {
  const { topic, partition: number } = splitTopicPartition(partition);
  return { kafka_topic: topic, kafka_partition: number };
};

export const assignedPartitions = (assignment: Assignment): TopicPartition[] =>
  Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => topicPartition(topic, partition)),
  );

/** In the words of Kafka's consumer. */
const noOffset = (partitions: readonly TopicPartition[]): ConnectError =>
  new ConnectError(`Undefined offset with no reset policy for partitions: [${partitions.join(', ')}]`, {
    hint: 'Set consumer.override.auto.offset.reset to earliest or latest, or give the connector offsets.',
  });

/**
 * Where a sink reads next (`position`), what it has committed, and what it may commit. All offsets are those of the
 * next record.
 */
export class SinkPositions {
  readonly #offsets: RunOffsets;
  readonly #position = new Map<TopicPartition, bigint>();
  /** What the table holds. With `latest` the start counts as unstored, so that the first commit keeps it. */
  readonly #committed = new Map<TopicPartition, bigint>();
  /** Where a failed flush or put goes back to: the last commit or the start. */
  readonly #restart = new Map<TopicPartition, bigint>();
  /** Below it nothing is committed: what is stored, unless the task has asked for earlier records since. */
  readonly #floor = new Map<TopicPartition, bigint>();
  /** Next offset after the records handed to put: what preCommit is asked about. */
  readonly #delivered = new Map<TopicPartition, bigint>();

  constructor(offsets: RunOffsets) {
    this.#offsets = offsets;
  }

  /** Claims every partition for this run and starts where the last commit ended, else by `auto.offset.reset`. */
  async claim(
    partitions: readonly TopicPartition[],
    reset: 'earliest' | 'latest' | 'none',
    kafka: KafkaClient,
    options: CallOptions,
  ): Promise<void> {
    const stored = await this.#offsets.getAll(partitions.map(sinkPartition));
    const fresh: TopicPartition[] = [];
    for (const [i, partition] of partitions.entries()) {
      const offset = stored[i]?.['kafka_offset'];
      if (offset === undefined || offset === null) fresh.push(partition);
      else {
        this.#committed.set(partition, BigInt(offset));
        this.#begin(partition, BigInt(offset));
      }
    }
    if (fresh.length === 0) return;
    if (reset === 'none') throw noOffset(fresh);
    const answers = await kafka.listOffsets(
      fresh.map((p) => ({ ...splitTopicPartition(p), at: reset })),
      options,
    );
    for (const partition of fresh) {
      const answer = answers.get(partition);
      if (answer === undefined || answer.error !== undefined)
        throw (
          answer?.error ??
          new ConnectError(`Kafka did not say where ${partition} begins`, { retriable: true })
        );
      this.#begin(partition, answer.offset);
      // As in Kafka Connect a start that anyone finds again is not stored.
      if (reset === 'earliest') this.#committed.set(partition, answer.offset);
    }
  }

  #begin(partition: TopicPartition, offset: bigint): void {
    this.#restart.set(partition, offset);
    this.seek(partition, offset);
  }

  #goTo(partition: TopicPartition, offset: bigint): void {
    this.#position.set(partition, offset);
    this.#delivered.set(partition, offset);
  }

  get partitions(): TopicPartition[] {
    return [...this.#position.keys()];
  }

  position(partition: TopicPartition): bigint {
    const position = this.#position.get(partition);
    if (position === undefined) throw new ConnectError(`${partition} is not assigned to this task`);
    return position;
  }

  /** Reading goes on behind the fetched records; they count as delivered once put has taken them. */
  advance(partition: TopicPartition, next: bigint): void {
    this.#position.set(partition, next);
  }

  delivered(offsets: SinkOffsets): void {
    for (const [partition, offset] of offsets) this.#delivered.set(partition, offset);
  }

  /** Also resets what preCommit is asked about; where it goes back, commits may. */
  seek(partition: TopicPartition, offset: bigint): void {
    const floor = this.#floor.get(partition);
    if (floor === undefined || offset < floor) this.#floor.set(partition, offset);
    this.#goTo(partition, offset);
  }

  current(): SinkOffsets {
    return new Map(this.#delivered);
  }

  rewind(): void {
    for (const [partition, offset] of this.#restart) this.#goTo(partition, offset);
  }

  /**
   * Stores those of the given offsets that are new. Those beyond what was delivered are left out (Invariant 2), and so are
   * those behind what is stored (Invariant 3): a task that keeps a part for later still has records that came twice.
   */
  async commit(offsets: SinkOffsets): Promise<{ stored: SinkOffsets; ignored: TopicPartition[] }> {
    const ignored: TopicPartition[] = [];
    const stored = new Map<TopicPartition, bigint>();
    for (const [partition, offset] of offsets) {
      const delivered = this.#delivered.get(partition);
      if (delivered === undefined || offset > delivered) {
        ignored.push(partition);
      } else if (
        this.#committed.get(partition) !== offset &&
        offset >= (this.#floor.get(partition) ?? offset)
      ) {
        await this.#offsets.commit(sinkPartition(partition), { kafka_offset: offset });
        this.#committed.set(partition, offset);
        this.#restart.set(partition, offset);
        this.#floor.set(partition, offset);
        stored.set(partition, offset);
      }
    }
    return { stored, ignored };
  }
}
