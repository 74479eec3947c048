import type { EncodedValue, FetchedRecord, Isolation, KafkaRecord, ProduceRecord } from '../ports.ts';

/** A transaction as its records see it. */
export interface MemoryTransaction {
  state: 'open' | 'committed' | 'aborted';
}

interface Entry {
  /** Null: the marker that ends a transaction, which takes an offset as on a broker. */
  readonly record: FetchedRecord | null;
  readonly transaction: MemoryTransaction | undefined;
}

export interface MemoryRead {
  readonly offset: bigint;
  readonly maxBytes: number;
  readonly isolation: Isolation;
  /** At least one record, where there is one. */
  readonly progress: boolean;
}

/** About what a record costs beside its key and value. */
const recordOverhead = 20;

export const sizeOf = ({ key, value }: Pick<KafkaRecord, 'key' | 'value'>): number =>
  recordOverhead + (key?.length ?? 0) + (value?.length ?? 0);

/** One partition: what was appended, by offset. */
export class MemoryLog {
  readonly #entries: Entry[] = [];
  /** First offsets of open transactions. */
  readonly #open = new Map<MemoryTransaction, bigint>();

  #startOffset = 0n;

  /** The first offset that is still there. */
  get startOffset(): bigint {
    return this.#startOffset;
  }

  get endOffset(): bigint {
    return BigInt(this.#entries.length);
  }

  get lastStableOffset(): bigint {
    let stable = this.endOffset;
    for (const firstOffset of this.#open.values()) if (firstOffset < stable) stable = firstOffset;
    return stable;
  }

  /** Where a reader of this isolation must stop. */
  readableEnd(isolation: Isolation): bigint {
    return isolation === 'read_committed' ? this.lastStableOffset : this.endOffset;
  }

  /** Answers the offset. `now`, in milliseconds, is for a record without a timestamp. */
  append(record: ProduceRecord & EncodedValue, now: number, transaction?: MemoryTransaction): bigint {
    const offset = this.endOffset;
    const { key, value, headers = [] } = record;
    const timestamp = record.timestamp ?? now;
    this.#entries.push({
      record: { offset, timestamp, timestampType: 'CreateTime', key, value, headers, size: sizeOf(record) },
      transaction,
    });
    if (transaction && !this.#open.has(transaction)) this.#open.set(transaction, offset);
    return offset;
  }

  appendMarker(transaction: MemoryTransaction): void {
    this.#entries.push({ record: null, transaction });
    this.#open.delete(transaction);
  }

  /** As when retention or a request has deleted what comes before that offset. */
  deleteBefore(offset: bigint): void {
    if (offset > this.#startOffset) this.#startOffset = offset < this.endOffset ? offset : this.endOffset;
  }

  /** Aborted records and markers only move the offset. */
  read({ offset, maxBytes, isolation, progress }: MemoryRead): {
    records: FetchedRecord[];
    nextOffset: bigint;
  } {
    const records: FetchedRecord[] = [];
    const end = Number(this.readableEnd(isolation));
    let size = 0;
    let at = Number(offset < this.#startOffset ? this.#startOffset : offset);
    for (; at < end; at++) {
      const record = this.#visible(at, isolation);
      if (!record) continue;
      size += record.size;
      if (size > maxBytes && !(progress && records.length === 0)) break;
      records.push(record);
    }
    return { records, nextOffset: BigInt(at) };
  }

  /** The first record at or after that time that such a reader sees. */
  offsetOfTimestamp(timestamp: number, isolation: Isolation): bigint | undefined {
    const { records } = this.read({ offset: 0n, maxBytes: Infinity, isolation, progress: true });
    return records.find((record) => record.timestamp >= timestamp)?.offset;
  }

  /** Committed records from `offset` on. */
  records(offset = 0n): readonly FetchedRecord[] {
    return this.read({ offset, maxBytes: Infinity, isolation: 'read_committed', progress: true }).records;
  }

  /** Committed records, transaction by transaction. */
  transactions(): readonly (readonly FetchedRecord[])[] {
    const entries = this.#entries.map(({ transaction }, at) => ({
      transaction: transaction ?? at,
      record: this.#visible(at, 'read_committed'),
    }));
    const groups = Map.groupBy(entries, ({ transaction }) => transaction);
    return [...groups.values()]
      .map((group) => group.flatMap(({ record }) => record ?? []))
      .filter((records) => records.length > 0);
  }

  #visible(at: number, isolation: Isolation): FetchedRecord | null {
    const entry = this.#entries[at];
    const hidden = isolation === 'read_committed' && entry?.transaction?.state === 'aborted';
    return entry === undefined || hidden ? null : entry.record;
  }
}
