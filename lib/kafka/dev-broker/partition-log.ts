import {
  isControl,
  isTransactional,
  noProducerId,
  readBatchHeader,
  type BatchHeader,
} from '../record-batch/batch-header.ts';
import { controlType, stampAppended, type AbortedTransaction } from '../record-batch/read-batches.ts';
import type { BatchRecord } from '../record-batch/batch-record.ts';
import { decodeRecords } from '../record-batch/decode-records.ts';
import type { Isolation } from '../ports.ts';
import { ProducerLedger } from './producer-ledger.ts';

interface EndedTransaction extends AbortedTransaction {
  readonly lastOffset: bigint;
}

/** Where appended bytes are kept beyond this process, when they are. */
export interface LogFile {
  append(bytes: Buffer): void;
}

const leaderEpochOnDisk = 0;

/**
 * One partition: batches kept as the bytes that came in, with the base offset and leader epoch of the append
 * written into them, as a broker does. What is known of producers and transactions follows from the batches, so a
 * restart reads it back from them.
 */
export class PartitionLog {
  readonly #batches: BatchHeader[] = [];
  readonly #file: LogFile | undefined;
  readonly #openTransactions = new Map<bigint, bigint>();
  readonly #abortedTransactions: EndedTransaction[] = [];
  readonly producers: ProducerLedger = new ProducerLedger();
  readonly startOffset = 0n;
  endOffset = 0n;

  constructor(file?: LogFile) {
    this.#file = file;
  }

  /** Appends one checked batch, changing its bytes in place, and answers its base offset. */
  append(bytes: Buffer): bigint {
    const baseOffset = this.endOffset;
    stampAppended(bytes, baseOffset, leaderEpochOnDisk);
    this.#index(bytes);
    this.#file?.append(bytes);
    return baseOffset;
  }

  /** Takes back what an earlier process appended. A batch cut off by a kill is dropped; answers the bytes kept. */
  restore(stored: Buffer): number {
    let at = 0;
    for (let header = readBatchHeader(stored, at); header; header = readBatchHeader(stored, at)) {
      this.#index(header.bytes);
      at += header.bytes.length;
    }
    return at;
  }

  get lastStableOffset(): bigint {
    let stable = this.endOffset;
    for (const firstOffset of this.#openTransactions.values()) if (firstOffset < stable) stable = firstOffset;
    return stable;
  }

  get openProducers(): bigint[] {
    return [...this.#openTransactions.keys()];
  }

  /** Where a reader of this isolation must stop. */
  readableEnd(isolation: Isolation): bigint {
    return isolation === 'read_committed' ? this.lastStableOffset : this.endOffset;
  }

  /** Whole batches from the one that holds `offset` on: at least one, where there is one, then up to `maxBytes`. */
  read(offset: bigint, maxBytes: number, isolation: Isolation): Buffer[] {
    const end = this.readableEnd(isolation);
    const batches: Buffer[] = [];
    let size = 0;
    for (let index = this.#indexOf(offset); index < this.#batches.length; index++) {
      const batch = this.#batches[index];
      if (!batch || batch.baseOffset >= end) break;
      if (batches.length > 0 && size + batch.bytes.length > maxBytes) break;
      batches.push(batch.bytes);
      size += batch.bytes.length;
    }
    return batches;
  }

  /** Aborted transactions that reach into `[from, to)`. */
  abortedIn(from: bigint, to: bigint): AbortedTransaction[] {
    return this.#abortedTransactions.filter(
      ({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < to,
    );
  }

  /** The first record at or after `timestamp`. */
  offsetOfTimestamp(
    timestamp: number,
    isolation: Isolation,
  ): { offset: bigint; timestamp: number } | undefined {
    const end = this.readableEnd(isolation);
    for (const batch of this.#batches) {
      if (batch.baseOffset >= end) break;
      if (isControl(batch) || batch.maxTimestamp < timestamp) continue;
      const records: BatchRecord[] = [];
      decodeRecords(batch, batch.baseOffset, records);
      const found = records.find((record) => record.timestamp >= timestamp);
      if (found) return { offset: found.offset, timestamp: found.timestamp };
    }
    return undefined;
  }

  #index(bytes: Buffer): void {
    const batch = readBatchHeader(bytes, 0);
    if (!batch) throw new RangeError('a batch that was checked is cut off');
    this.#batches.push(batch);
    this.endOffset = batch.lastOffset + 1n;
    if (batch.producerId === noProducerId) return;
    if (isControl(batch)) this.#endTransaction(batch);
    else {
      this.producers.record(batch);
      if (isTransactional(batch) && !this.#openTransactions.has(batch.producerId)) {
        this.#openTransactions.set(batch.producerId, batch.baseOffset);
      }
    }
  }

  #endTransaction(marker: BatchHeader): void {
    const { producerId } = marker;
    const firstOffset = this.#openTransactions.get(producerId);
    if (firstOffset !== undefined && controlType(marker) === 'abort') {
      this.#abortedTransactions.push({ producerId, firstOffset, lastOffset: marker.lastOffset });
    }
    this.#openTransactions.delete(producerId);
    this.producers.fence(producerId, marker.producerEpoch);
  }

  /** Index of the first batch that ends at or after `offset`. */
  #indexOf(offset: bigint): number {
    let low = 0;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const batch = this.#batches[middle];
      if (batch && batch.lastOffset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
