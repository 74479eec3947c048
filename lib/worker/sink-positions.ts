import type { SinkOffsets } from '../api/context.ts';
import { ConnectError } from '../api/errors.ts';
import { splitTopicPartition, topicPartition, type TopicPartition } from '../api/topic-partition.ts';
import type { KafkaClient, CallOptions } from '../kafka/ports.ts';
import type { Assignment } from '../storage/items/task-item.ts';
import type { RunPages, StoredOffsets } from './run-pages.ts';

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
  readonly #pages: RunPages;
  readonly #position = new Map<TopicPartition, bigint>();
  /** What the table holds. With `latest` the start counts as unstored, so that the first commit keeps it. */
  readonly #committed = new Map<TopicPartition, bigint>();
  /** Where a failed flush or put goes back to: the last commit or the start. */
  readonly #restart = new Map<TopicPartition, bigint>();
  /** Below it nothing is committed: what is stored, unless the task has asked for earlier records since. */
  readonly #floor = new Map<TopicPartition, bigint>();
  /** Next offset after the records handed to put: what preCommit is asked about. */
  readonly #delivered = new Map<TopicPartition, bigint>();

  constructor(pages: RunPages) {
    this.#pages = pages;
  }

  /** Claims every partition for this run and starts where the last commit ended, else by `auto.offset.reset`. */
  async claim(
    partitions: readonly TopicPartition[],
    reset: 'earliest' | 'latest' | 'none',
    kafka: KafkaClient,
    options: CallOptions,
  ): Promise<void> {
    const fresh: TopicPartition[] = [];
    const stored = await this.#pages.claim(partitions);
    for (const partition of partitions) {
      const offset = stored.get(partition) ?? null;
      if (offset === null) fresh.push(partition);
      else {
        this.#committed.set(partition, offset);
        this.#begin(partition, offset);
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
   * Where a page of them cannot be stored the others are, and then it throws.
   */
  async commit(offsets: SinkOffsets): Promise<{ stored: SinkOffsets; ignored: TopicPartition[] }> {
    this.#recovered(await this.#pages.recover());
    const ignored: TopicPartition[] = [];
    const wanted = new Map<TopicPartition, bigint>();
    for (const [partition, offset] of offsets) {
      const delivered = this.#delivered.get(partition);
      if (delivered === undefined || offset > delivered) ignored.push(partition);
      else if (this.#committed.get(partition) !== offset && offset >= (this.#floor.get(partition) ?? offset))
        wanted.set(partition, offset);
    }
    const { stored, failure } = await this.#pages.tryCommit(wanted);
    for (const [partition, offset] of wanted) {
      // What could not be stored may be all the same: it counts as the least until that is known.
      this.#floor.set(partition, offset);
      if (stored.has(partition)) this.#isStored(partition, offset);
    }
    if (failure !== undefined) throw failure.error;
    return { stored: wanted, ignored };
  }

  #isStored(partition: TopicPartition, offset: bigint): void {
    this.#committed.set(partition, offset);
    this.#restart.set(partition, offset);
  }

  /**
   * The table tells what became of a commit that failed. Where it was applied, reading goes on behind it, unless the
   * task has asked for earlier records since.
   */
  #recovered(found: StoredOffsets): void {
    for (const [partition, offset] of found) {
      if (offset === null) continue;
      this.#isStored(partition, offset);
      const floor = this.#floor.get(partition) ?? offset;
      if (floor < offset) continue;
      this.#floor.set(partition, offset);
      if (this.position(partition) < offset) this.#goTo(partition, offset);
    }
  }
}
