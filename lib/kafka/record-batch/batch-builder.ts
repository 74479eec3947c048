import type { Serialized } from '../../api/converter.ts';
import type { CompressionType, KafkaHeader } from '../ports.ts';
import { batchAttributes, batchLayout, lengthPrefix, noProducerId } from './batch-header.ts';
import { compress, compressionCode } from './compression/codecs.ts';
import { crc32c } from './crc32c.ts';
import { utf8Length, writeUtf8 } from './utf8.ts';
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts';

export interface RecordContent {
  readonly key: Uint8Array | null;
  /** Text is written as its UTF-8, in place. */
  readonly value: Serialized;
  readonly headers?: readonly KafkaHeader[];
}

/** Whose batch it is: what the broker checks sequences and epochs against. */
export interface ProducerStamp {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

/** What UTF-8 takes for each character of a JavaScript string. */
const mostBytesPerChar = 3;
/** Lengths of a record and its value. */
const mostVarints = 10;

/**
 * Writes records straight into one buffer, header space first. The producer's fields and the CRC come
 * last (`stampProducer`), when the batch is sent, because a retry under a new producer id stamps it again.
 */
export class BatchBuilder {
  readonly #bytes: Buffer;
  #at: number = batchLayout.records;
  #count = 0;
  #baseTimestamp = 0;
  #maxTimestamp = 0;

  /** `bytes`: room for the batch before compression, header included. What `finish` answers may lie in it. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of the records, before compression. */
  get size(): number {
    return this.#at - batchLayout.records;
  }

  /** False, and nothing written, when the record does not fit any more. */
  append(record: RecordContent, timestamp: number): boolean {
    const timestampDelta = this.#count === 0 ? 0 : timestamp - this.#baseTimestamp;
    const expected = sizeOfBody(record, timestampDelta, this.#count);
    if (!this.#hasRoom(record, expected)) return false;
    if (this.#count === 0) this.#baseTimestamp = this.#maxTimestamp = timestamp;
    else if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
    const bytes = this.#bytes;
    const bodyAt = this.#at + sizeOfVarint(expected);
    bytes[bodyAt] = 0;
    let at = writeVarlong(bytes, bodyAt + 1, timestampDelta);
    at = writeVarint(bytes, at, this.#count);
    at = writeNullable(bytes, at, record.key);
    const { value } = record;
    at = typeof value === 'string' ? writeText(bytes, at, value) : writeNullable(bytes, at, value);
    at = writeHeaders(bytes, at, record.headers);
    this.#at = writeLength(bytes, { lengthAt: this.#at, at: bodyAt, length: at - bodyAt });
    this.#count++;
    return true;
  }

  /** `expected`: size of the body if its text is ASCII. The text is measured only where there may be too little room. */
  #hasRoom({ value }: RecordContent, expected: number): boolean {
    const room = this.#bytes.length - this.#at;
    if (typeof value !== 'string') return sizeOfVarint(expected) + expected <= room;
    if (expected + maxSizeOf(value) + mostVarints <= room) return true;
    const length = Buffer.byteLength(value);
    const size = expected + length - value.length + sizeOfVarint(length) - sizeOfVarint(value.length);
    return sizeOfVarint(size) + size <= room;
  }

  /** The finished batch, still without a producer: `stampProducer` must follow. */
  finish(compression: CompressionType, level?: number): Buffer {
    const batch =
      compression === 'none' ? this.#bytes.subarray(0, this.#at) : this.#compressed(compression, level);
    batch.writeBigInt64BE(0n, batchLayout.baseOffset);
    batch.writeInt32BE(batch.length - lengthPrefix, batchLayout.length);
    batch.writeInt32BE(-1, batchLayout.leaderEpoch);
    batch.writeInt8(2, batchLayout.magic);
    batch.writeInt16BE(compressionCode(compression), batchLayout.attributes);
    batch.writeInt32BE(this.#count - 1, batchLayout.lastOffsetDelta);
    batch.writeBigInt64BE(BigInt(this.#baseTimestamp), batchLayout.baseTimestamp);
    batch.writeBigInt64BE(BigInt(this.#maxTimestamp), batchLayout.maxTimestamp);
    batch.writeInt32BE(this.#count, batchLayout.recordCount);
    return batch;
  }

  #compressed(compression: CompressionType, level?: number): Buffer {
    const records = compress(compression, this.#bytes.subarray(batchLayout.records, this.#at), level);
    const batch = Buffer.allocUnsafe(batchLayout.records + records.length);
    batch.set(records, batchLayout.records);
    return batch;
  }
}

export const noProducer: ProducerStamp = { producerId: noProducerId, producerEpoch: -1, baseSequence: -1 };

/** Writes the producer's fields, and the CRC over the finished batch. */
export function stampProducer(batch: Buffer, producer: ProducerStamp, transactional = false): void {
  const attributes = batch.readInt16BE(batchLayout.attributes) & ~batchAttributes.transactional;
  batch.writeInt16BE(
    attributes | (transactional ? batchAttributes.transactional : 0),
    batchLayout.attributes,
  );
  batch.writeBigInt64BE(producer.producerId, batchLayout.producerId);
  batch.writeInt16BE(producer.producerEpoch, batchLayout.producerEpoch);
  batch.writeInt32BE(producer.baseSequence, batchLayout.baseSequence);
  batch.writeUInt32BE(crc32c(batch, batchLayout.attributes), batchLayout.crc);
}

/** An upper bound of what the record adds to a batch. */
export function maxSizeOfRecord(record: RecordContent): number {
  // length, timestamp delta, offset delta, key length, value length, header count: 5 + 1 + 10 + 5 + 5 + 5 + 5
  let size = 36 + (record.key?.length ?? 0) + maxSizeOf(record.value);
  if (record.headers) for (const header of record.headers) size += sizeOfHeader(header);
  return size;
}

const maxSizeOf = (value: Serialized): number =>
  typeof value === 'string' ? mostBytesPerChar * value.length : (value?.length ?? 0);

function sizeOfBody(record: RecordContent, timestampDelta: number, offsetDelta: number): number {
  let size = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta);
  size += sizeOfNullable(record.key) + sizeOfNullable(record.value);
  size += sizeOfVarint(record.headers?.length ?? 0);
  if (record.headers) for (const header of record.headers) size += sizeOfHeader(header);
  return size;
}

function sizeOfHeader(header: KafkaHeader): number {
  const keyLength = utf8Length(header.key);
  return sizeOfVarint(keyLength) + keyLength + sizeOfNullable(header.value);
}

const sizeOfNullable = (value: Serialized): number =>
  value === null ? 1 : sizeOfVarint(value.length) + value.length;

/** A text is expected to be ASCII; where it is not, its length may take more bytes, and it moves behind them. */
function writeText(bytes: Buffer, start: number, text: string): number {
  const at = start + sizeOfVarint(text.length);
  return writeLength(bytes, { lengthAt: start, at, length: writeUtf8(bytes, at, text) - at });
}

/** Writes the length of what was written at `at` before it, and answers the position behind it. */
function writeLength(
  bytes: Buffer,
  { lengthAt, at, length }: { readonly lengthAt: number; readonly at: number; readonly length: number },
): number {
  const behind = lengthAt + sizeOfVarint(length);
  if (behind !== at) bytes.copyWithin(behind, at, at + length);
  writeVarint(bytes, lengthAt, length);
  return behind + length;
}

function writeNullable(bytes: Buffer, start: number, value: Uint8Array | null): number {
  if (value === null) return writeVarint(bytes, start, -1);
  const at = writeVarint(bytes, start, value.length);
  bytes.set(value, at);
  return at + value.length;
}

function writeHeaders(bytes: Buffer, start: number, headers: readonly KafkaHeader[] | undefined): number {
  let at = writeVarint(bytes, start, headers?.length ?? 0);
  if (!headers) return at;
  for (const header of headers) {
    const keyLength = utf8Length(header.key);
    at = writeVarint(bytes, at, keyLength);
    at = writeUtf8(bytes, at, header.key);
    at = writeNullable(bytes, at, header.value);
  }
  return at;
}
