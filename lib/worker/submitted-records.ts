import type { SourceOffset, SourcePartition } from '../api/record.ts';

/** A stretch of records of one source partition, submitted together; its offset is that of the last one. */
export interface Submission {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
  readonly records: number;
}

/** A submission as this book keeps it: what `submit` returned is what is acknowledged or dropped. */
export interface Entry extends Submission {
  /** Of its source partition. */
  readonly id: string;
  acknowledged: boolean;
}

export interface CommittableOffsets {
  /** Per source partition (by its id) the newest offset all records up to which are in Kafka. */
  readonly offsets: ReadonlyMap<
    string,
    { readonly partition: SourcePartition; readonly offset: SourceOffset }
  >;
  readonly committableRecords: number;
  readonly uncommittableRecords: number;
  readonly pendingPartitions: number;
  readonly largestPending: number;
}

/**
 * Keeps what was handed to Kafka in the order of each source partition, and knows the contiguous acknowledged
 * prefix: only that may be committed (Invariant 1). Behaviour: Connect's SubmittedRecords (KAFKA-12226).
 */
export class SubmittedRecords {
  readonly #queues = new Map<string, Entry[]>();

  submit(id: string, submission: Submission): Entry {
    const entry = { ...submission, id, acknowledged: false };
    const queue = this.#queues.get(id);
    if (queue === undefined) this.#queues.set(id, [entry]);
    else queue.push(entry);
    return entry;
  }

  acknowledge(entry: Entry): void {
    entry.acknowledged = true;
  }

  /**
   * Takes out what could not be handed to Kafka and will be submitted anew: meanwhile it does not hold back its
   * partition. False when it is no longer there, because it was taken to be committed or dropped before. Behaviour:
   * Connect's removeLastOccurrence.
   */
  drop(entry: Entry): boolean {
    const queue = this.#queues.get(entry.id);
    const at = queue?.lastIndexOf(entry) ?? -1;
    if (queue === undefined || at < 0) return false;
    queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(entry.id);
    return true;
  }

  /** Takes the acknowledged prefixes out: the caller stores what is returned, or its run ends. */
  takeCommittable(): CommittableOffsets {
    const offsets = new Map<string, { partition: SourcePartition; offset: SourceOffset }>();
    let committableRecords = 0;
    let uncommittableRecords = 0;
    let largestPending = 0;
    for (const [id, queue] of this.#queues) {
      const firstOpen = queue.findIndex((entry) => !entry.acknowledged);
      const done = queue.splice(0, firstOpen < 0 ? queue.length : firstOpen);
      const last = done.at(-1);
      if (last !== undefined) offsets.set(id, { partition: last.partition, offset: last.offset });
      committableRecords += sum(done);
      const pending = sum(queue);
      uncommittableRecords += pending;
      largestPending = Math.max(largestPending, pending);
      if (queue.length === 0) this.#queues.delete(id);
    }
    return {
      offsets,
      committableRecords,
      uncommittableRecords,
      pendingPartitions: this.#queues.size,
      largestPending,
    };
  }
}

const sum = (entries: readonly Entry[]): number => entries.reduce((total, entry) => total + entry.records, 0);
