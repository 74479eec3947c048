import { corruptBatch } from './corrupt-batch.ts';

/** Where the fields of a v2 record batch lie. The CRC covers everything from the attributes to the end. */
export const batchLayout = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const;

/** Bytes before what the length field counts. */
export const lengthPrefix = 12;

export const batchAttributes = {
  compression: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
} as const;

export const noProducerId = -1n;

export interface BatchHeader {
  /** The batch in full, header included: a view of the record set it was read from. */
  readonly bytes: Buffer;
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly crc: number;
  readonly attributes: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

export const isControl = (header: BatchHeader): boolean =>
  (header.attributes & batchAttributes.control) !== 0;
export const isTransactional = (header: BatchHeader): boolean =>
  (header.attributes & batchAttributes.transactional) !== 0;

/**
 * The batch that starts at `at`, or undefined when it is cut off: a fetch answer may end in the middle of a batch,
 * which is then fetched again. Throws KafkaError on what no Kafka 0.11 or newer writes.
 */
export function readBatchHeader(recordSet: Buffer, at: number): BatchHeader | undefined {
  const available = recordSet.length - at;
  if (available < batchLayout.records) return undefined;
  const magic = recordSet.readInt8(at + batchLayout.magic);
  if (magic !== 2) throw corruptBatch(`record batch has format version ${magic}, only 2 is readable`);
  const size = lengthPrefix + recordSet.readInt32BE(at + batchLayout.length);
  if (size < batchLayout.records) throw corruptBatch(`record batch announces ${size} bytes`);
  if (size > available) return undefined;
  const bytes = recordSet.subarray(at, at + size);
  const baseOffset = bytes.readBigInt64BE(batchLayout.baseOffset);
  return {
    bytes,
    baseOffset,
    lastOffset: baseOffset + BigInt(bytes.readInt32BE(batchLayout.lastOffsetDelta)),
    crc: bytes.readUInt32BE(batchLayout.crc),
    attributes: bytes.readInt16BE(batchLayout.attributes),
    baseTimestamp: Number(bytes.readBigInt64BE(batchLayout.baseTimestamp)),
    maxTimestamp: Number(bytes.readBigInt64BE(batchLayout.maxTimestamp)),
    producerId: bytes.readBigInt64BE(batchLayout.producerId),
    producerEpoch: bytes.readInt16BE(batchLayout.producerEpoch),
    baseSequence: bytes.readInt32BE(batchLayout.baseSequence),
    recordCount: bytes.readInt32BE(batchLayout.recordCount),
  };
}
