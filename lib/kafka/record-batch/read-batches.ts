import type { Isolation } from '../ports.ts';
import {
  batchLayout,
  isControl,
  isTransactional,
  readBatchHeader,
  type BatchHeader,
} from './batch-header.ts';
import type { BatchRecord } from './batch-record.ts';
import { checkCrc, decodeRecords } from './decode-records.ts';

/** A transaction that was aborted, as a read_committed fetch answer lists it. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export interface RecordSet {
  readonly bytes: Buffer;
  readonly fromOffset: bigint;
  readonly isolation: Isolation;
  readonly aborted: readonly AbortedTransaction[];
}

export interface ReadBatches {
  readonly records: BatchRecord[];
  /** Behind the last complete batch, whatever it held; `fromOffset` where there was none. */
  readonly nextOffset: bigint;
}

/**
 * Decodes a fetched record set. A batch cut off at the end is left for the next fetch; control batches, aborted
 * transactions (read_committed) and batches that compaction emptied only move the offset. Throws KafkaError for a
 * damaged first batch; a later one ends the answer, so that what lies before it is delivered (Invariant 5).
 */
export function readBatches(recordSet: RecordSet): ReadBatches {
  const { bytes, fromOffset } = recordSet;
  const isAborted = recordSet.isolation === 'read_committed' ? abortedFilter(recordSet.aborted) : () => false;
  const records: BatchRecord[] = [];
  let nextOffset = fromOffset;
  let complete = 0;
  try {
    let at = 0;
    for (let header = readBatchHeader(bytes, at); header; header = readBatchHeader(bytes, at)) {
      at += header.bytes.length;
      checkCrc(header);
      if (!isAborted(header) && !isControl(header) && header.lastOffset >= fromOffset) {
        decodeRecords(header, fromOffset, records);
      }
      if (header.lastOffset >= nextOffset) nextOffset = header.lastOffset + 1n;
      complete = records.length;
    }
  } catch (error) {
    if (nextOffset === fromOffset) throw error;
    records.length = complete;
  }
  return { records, nextOffset };
}

/**
 * The read_committed filter, batch by batch in log order, as the Java client does it: a producer is in the
 * aborted set from its transaction's first offset until its abort marker, so that interleaved transactions, and a
 * fetch that starts inside one, are told apart.
 */
function abortedFilter(aborted: readonly AbortedTransaction[]): (header: BatchHeader) => boolean {
  const upcoming = aborted.toSorted((a, b) =>
    a.firstOffset < b.firstOffset ? -1 : a.firstOffset > b.firstOffset ? 1 : 0,
  );
  const abortedProducers = new Set<bigint>();
  let next = 0;
  return (header) => {
    for (; next < upcoming.length; next++) {
      const transaction = upcoming[next];
      if (!transaction || transaction.firstOffset > header.lastOffset) break;
      abortedProducers.add(transaction.producerId);
    }
    if (isControl(header)) {
      if (controlType(header) === 'abort') abortedProducers.delete(header.producerId);
      return false;
    }
    return isTransactional(header) && abortedProducers.has(header.producerId);
  };
}

/** Only the control attribute makes a marker: a data record may well have the key bytes of one. */
export function controlType(header: BatchHeader): 'abort' | 'commit' | 'other' {
  const markers: BatchRecord[] = [];
  decodeRecords(header, header.baseOffset, markers);
  const key = markers[0]?.key;
  if (!key || key.length < 4) return 'other';
  const type = Buffer.from(key.buffer, key.byteOffset, key.length).readInt16BE(2);
  return type === 0 ? 'abort' : type === 1 ? 'commit' : 'other';
}

/** Header fields that a broker sets when it appends; they lie outside the CRC. */
export function stampAppended(batch: Buffer, baseOffset: bigint, leaderEpoch: number): void {
  batch.writeBigInt64BE(baseOffset, batchLayout.baseOffset);
  batch.writeInt32BE(leaderEpoch, batchLayout.leaderEpoch);
}
