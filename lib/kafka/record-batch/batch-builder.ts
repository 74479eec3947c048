import type { CompressionType, KafkaHeader } from '../ports.ts';
import { batchAttributes, batchLayout, lengthPrefix, noProducerId } from './batch-header.ts';
import { compress, compressionCode } from './compression/codecs.ts';
import { crc32c } from './crc32c.ts';
import { utf8Length, writeUtf8 } from './utf8.ts';
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts';

export interface RecordContent {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly KafkaHeader[];
}

/** Whose batch it is: what the broker checks sequences and epochs against. */
export interface ProducerStamp {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

/**
 * Writes records straight into one pre-sized buffer, header space first. The producer's fields and the CRC come
 * last (`stampProducer`), when the batch is sent, because a retry under a new producer id stamps it again.
 */
export class BatchBuilder {
  readonly #bytes: Buffer;
  #at: number = batchLayout.records;
  #count = 0;
  #baseTimestamp = 0;
  #maxTimestamp = 0;

  /** `capacity`: bytes of the batch before compression, header included. */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(Math.max(capacity, batchLayout.records));
  }

  get count(): number {
    return this.#count;
  }

  /** False, and nothing written, when the record does not fit any more. */
  append(record: RecordContent, timestamp: number): boolean {
    const timestampDelta = this.#count === 0 ? 0 : timestamp - this.#baseTimestamp;
    const bodySize = sizeOfBody(record, timestampDelta, this.#count);
    if (this.#at + sizeOfVarint(bodySize) + bodySize > this.#bytes.length) return false;
    if (this.#count === 0) this.#baseTimestamp = this.#maxTimestamp = timestamp;
    else if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
    const bytes = this.#bytes;
    let at = writeVarint(bytes, this.#at, bodySize);
    bytes[at++] = 0;
    at = writeVarlong(bytes, at, timestampDelta);
    at = writeVarint(bytes, at, this.#count);
    at = writeNullable(bytes, at, record.key);
    at = writeNullable(bytes, at, record.value);
    this.#at = writeHeaders(bytes, at, record.headers);
    this.#count++;
    return true;
  }

  /** The finished batch, still without a producer: `stampProducer` must follow. */
  finish(compression: CompressionType): Buffer {
    const batch = compression === 'none' ? this.#bytes.subarray(0, this.#at) : this.#compressed(compression);
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

  #compressed(compression: CompressionType): Buffer {
    const records = compress(compression, this.#bytes.subarray(batchLayout.records, this.#at));
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
  let size = 36 + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  if (record.headers) for (const header of record.headers) size += sizeOfHeader(header);
  return size;
}

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

const sizeOfNullable = (value: Uint8Array | null): number =>
  value === null ? 1 : sizeOfVarint(value.length) + value.length;

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
