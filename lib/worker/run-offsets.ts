import type { TaskOffsetReader } from '../api/context.ts';
import type { OffsetMap, SourcePartition } from '../api/record.ts';
import { allOver } from '../foundation/all-over.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Random } from '../foundation/random.ts';
import { type Offsets, partitionId, type StoredOffset } from '../storage/items/offsets.ts';

export interface OffsetOwner {
  readonly connector: string;
  readonly epoch: number;
  readonly offsets: Offsets;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * One run's view of its offset partitions: reading one claims it for this run's epoch, committing works only while
 * no later run has claimed it (Invariants 3 and 4). Sources and sinks use the same.
 */
export class RunOffsets implements TaskOffsetReader {
  readonly #owner: OffsetOwner;
  readonly #claimed = new Map<string, StoredOffset>();

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

  async commit(partition: SourcePartition, offset: OffsetMap): Promise<void> {
    const { connector, epoch, offsets, clock, random } = this.#owner;
    const claimed = await this.#claim(partition);
    const stored = await offsets.commit(connector, claimed, offset, {
      epoch,
      now: clock.now(),
      token: random.token(),
    });
    this.#claimed.set(partitionId(partition), stored);
  }

  async #claim(partition: SourcePartition): Promise<StoredOffset> {
    const id = partitionId(partition);
    const known = this.#claimed.get(id);
    if (known !== undefined) return known;
    const { connector, epoch, offsets } = this.#owner;
    const stored = await offsets.claim(connector, partition, epoch);
    this.#claimed.set(id, stored);
    return stored;
  }
}
