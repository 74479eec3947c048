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
  /** Whether a run before may still commit: then reading an offset claims it. */
  readonly claimsOnRead: boolean;
  readonly offsets: Offsets;
  readonly clock: Clock;
  readonly random: Random;
}

export interface CommittableOffset {
  readonly partition: SourcePartition;
  readonly offset: OffsetMap;
}

/**
 * One run's view of its source partitions. Committing one claims it for this run's epoch, and works only while it is as this
 * run has seen it and no later run has claimed it (Invariants 3 and 4). Where an earlier run may still be about (it died, or
 * the tasks were split anew) reading claims, so that it is the earlier run whose commit fails. Sinks: `RunPages`.
 */
export class RunOffsets implements TaskOffsetReader {
  readonly #owner: OffsetOwner;
  readonly #seen = new Map<string, StoredOffset>();
  readonly #history = new HistoryPace();
  #claims = 0;

  constructor(owner: OffsetOwner) {
    this.#owner = owner;
  }

  async get(partition: SourcePartition): Promise<OffsetMap | null> {
    return (await this.#hold(partition)).offset;
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
    const changes: { readonly seen: StoredOffset; readonly offset: OffsetMap }[] = [];
    for (const { partition, offset } of offsets) changes.push({ seen: await this.#hold(partition), offset });
    const kept = this.#history.choose(
      changes.map(({ seen }) => seen),
      clock.now(),
    );
    for (const { seen, offset } of changes) {
      const commit = { epoch, now: clock.now(), token: random.token(), keep: keepIf(kept.has(seen)) };
      const stored = await items.commit(connector, seen, offset, commit);
      this.#seen.set(partitionId(seen.partition), stored);
    }
    return this.#claims - before + changes.length + kept.size;
  }

  async #hold(partition: SourcePartition): Promise<StoredOffset> {
    const id = partitionId(partition);
    const known = this.#seen.get(id);
    if (known !== undefined) return known;
    const { connector, epoch, offsets, claimsOnRead } = this.#owner;
    if (claimsOnRead) this.#claims++;
    const stored = await (claimsOnRead
      ? offsets.claim(connector, partition, epoch)
      : offsets.read(connector, partition));
    this.#seen.set(id, stored);
    return stored;
  }
}
