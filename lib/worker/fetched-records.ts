import type { TopicPartition } from '../api/topic-partition.ts';
import type { FetchedRecord } from '../kafka/ports.ts';

/** A stretch of one partition, and the offset that counts as reached once all of it is delivered. */
export interface Stretch {
  readonly partition: TopicPartition;
  readonly records: readonly FetchedRecord[];
  readonly next: bigint;
}

interface Waiting extends Stretch {
  /** Where the task reads next when nothing else has moved it: after a seek the stretch is worthless. */
  readonly at: bigint;
}

/** What a fetch brought beyond `max.poll.records`: it waits here, so that it need not be fetched again. */
export class FetchedRecords {
  #waiting: Waiting[] = [];

  /** Partitions with records that wait: they need not be fetched. */
  get partitions(): ReadonlySet<TopicPartition> {
    return new Set(this.#waiting.map(({ partition }) => partition));
  }

  add(stretch: Stretch, at: bigint): void {
    this.#waiting.push({ ...stretch, at });
  }

  /** Up to `most` records of partitions that are not paused; what a seek has made worthless is forgotten. */
  take(
    most: number,
    isPaused: (partition: TopicPartition) => boolean,
    position: (partition: TopicPartition) => bigint,
  ): Stretch[] {
    const taken: Stretch[] = [];
    let left = most;
    this.#waiting = this.#waiting.flatMap((stretch) => {
      const { partition, records, next, at } = stretch;
      if (position(partition) !== at) return [];
      if (isPaused(partition) || left <= 0) return [stretch];
      const part = records.slice(0, left);
      const rest = records.slice(part.length);
      left -= part.length;
      const reached = rest[0]?.offset ?? next;
      taken.push({ partition, records: part, next: reached });
      return rest.length === 0 ? [] : [{ partition, records: rest, next, at: reached }];
    });
    return taken;
  }
}
