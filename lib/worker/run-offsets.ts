import type { TaskOffsetReader } from '../api/context.ts';
import type { OffsetMap, SourcePartition } from '../api/record.ts';
import { allOver } from '../foundation/all-over.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Random } from '../foundation/random.ts';
import { HistoryPace, keepIf } from './history-pace.ts';
import { type Offsets, partitionId, type StoredOffset } from '../storage/items/offsets.ts';

export interface OffsetOwner {
  readonly connector: string;
  readonly epoch: number;
  readonly offsets: Offsets;
  readonly clock: Clock;
  readonly random: Random;
}

export interface CommittableOffset {
  readonly partition: SourcePartition;
  readonly offset: OffsetMap;
}

/**
 * One run's view of its source partitions: reading one claims it for this run's epoch, committing works only while
 * no later run has claimed it (Invariants 3 and 4). Sinks: `RunPages`.
 */
export class RunOffsets implements TaskOffsetReader {
  readonly #owner: OffsetOwner;
  readonly #claimed = new Map<string, StoredOffset>();
  readonly #history = new HistoryPace();
  #claims = 0;

  constructor(owner: OffsetOwner) {
    this.#owner = owner;
  }

  async get(partition: SourcePartition): Promise<OffsetMap | null> {
    return (await this.#claim(partition)).offset;
  }

  async getAll(partitions: readonly SourcePartition[]): Promise<(OffsetMap | null)[]> {
    return allOver(partitions.map((partition) => this.get(partition)));
  }

  async peek(partition: SourcePartition): Promise<OffsetMap | null> {
    const { connector, offsets } = this.#owner;
    return offsets.peek(connector, partition);
  }

  /** Answers how many writes it took. */
  async commit(offsets: Iterable<CommittableOffset>): Promise<number> {
    const { connector, epoch, offsets: items, clock, random } = this.#owner;
    const before = this.#claims;
    const changes: { readonly claimed: StoredOffset; readonly offset: OffsetMap }[] = [];
    for (const { partition, offset } of offsets)
      changes.push({ claimed: await this.#claim(partition), offset });
    const kept = this.#history.choose(
      changes.map(({ claimed }) => claimed),
      clock.now(),
    );
    for (const { claimed, offset } of changes) {
      const commit = { epoch, now: clock.now(), token: random.token(), keep: keepIf(kept.has(claimed)) };
      const stored = await items.commit(connector, claimed, offset, commit);
      this.#claimed.set(partitionId(claimed.partition), stored);
    }
    return this.#claims - before + changes.length + kept.size;
  }

  async #claim(partition: SourcePartition): Promise<StoredOffset> {
    const id = partitionId(partition);
    const known = this.#claimed.get(id);
    if (known !== undefined) return known;
    const { connector, epoch, offsets } = this.#owner;
    this.#claims++;
    const stored = await offsets.claim(connector, partition, epoch);
    this.#claimed.set(id, stored);
    return stored;
  }
}
