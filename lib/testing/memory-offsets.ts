import type { TaskOffsetReader } from '../api/context.ts';
import type {
  OffsetMap,
  OffsetPrimitive,
  SourceOffset,
  SourcePartition,
  SourceRecord,
} from '../api/record.ts';

/** Committed source offsets in memory. Values come back as from the table: integers as numbers while they are safe. */
export class MemoryOffsets implements TaskOffsetReader {
  readonly #stored = new Map<string, SourceOffset>();

  /** What a run does once Kafka has acknowledged these records. */
  commit(records: readonly SourceRecord[]): void {
    for (const record of records) this.set(record.sourcePartition, record.sourceOffset);
  }

  set(partition: SourcePartition, offset: SourceOffset): void {
    const entries = Object.entries(offset).map(([key, value]) => [key, stored(value)]);
    this.#stored.set(identity(partition), Object.fromEntries(entries) as SourceOffset);
  }

  async get(partition: SourcePartition): Promise<SourceOffset | null> {
    return this.#stored.get(identity(partition)) ?? null;
  }

  peek(partition: SourcePartition): Promise<SourceOffset | null> {
    return this.get(partition);
  }

  async getAll(partitions: readonly SourcePartition[]): Promise<(SourceOffset | null)[]> {
    return Promise.all(partitions.map((partition) => this.get(partition)));
  }
}

function stored(value: OffsetPrimitive): OffsetPrimitive {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Equal partitions are one, whatever the order of their keys. */
function identity(partition: OffsetMap): string {
  const entries = Object.entries(partition).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(
    entries.map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]),
  );
}
