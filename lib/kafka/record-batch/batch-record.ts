import type { TimestampType } from '../../api/record.ts';
import type { FetchedRecord, KafkaHeader } from '../ports.ts';
import { VarintReader } from './varint.ts';

/** What all records of one batch share. */
export interface BatchContext {
  /** The uncompressed records. */
  readonly bytes: Buffer;
  readonly baseOffset: bigint;
  readonly timestampType: TimestampType;
  /** Set when the broker stamped the batch: then it holds for every record. */
  readonly appendTimestamp: number | undefined;
}

const noHeaders: readonly KafkaHeader[] = [];

/**
 * A record as positions in its batch. Offset, key, value and headers are made when asked for, so that decoding
 * costs one small object a record and a pass-through pays for nothing else. The bytes are views, not copies.
 */
export class BatchRecord implements FetchedRecord {
  readonly #context: BatchContext;
  readonly #keyAt: number;
  readonly #keyLength: number;
  readonly #valueAt: number;
  readonly #valueLength: number;
  readonly #end: number;
  readonly size: number;
  readonly offsetDelta: number;
  readonly timestamp: number;

  /** Reads the body of the record that `reader` stands at; `end` is where it ends. */
  constructor(context: BatchContext, reader: VarintReader, baseTimestamp: number, end: number) {
    this.#context = context;
    this.size = end - reader.at;
    reader.skip(1); // attributes: none are defined
    const createTimestamp = baseTimestamp + reader.varlong();
    this.timestamp = context.appendTimestamp ?? createTimestamp;
    this.offsetDelta = reader.varint();
    this.#keyLength = reader.varint();
    this.#keyAt = reader.at;
    if (this.#keyLength > 0) reader.skip(this.#keyLength);
    this.#valueLength = reader.varint();
    this.#valueAt = reader.at;
    if (this.#valueLength > 0) reader.skip(this.#valueLength);
    if (reader.at >= end) throw new RangeError('record ends before its headers');
    this.#end = end;
  }

  get offset(): bigint {
    return this.#context.baseOffset + BigInt(this.offsetDelta);
  }

  get timestampType(): TimestampType {
    return this.#context.timestampType;
  }

  get key(): Uint8Array | null {
    return this.#keyLength < 0
      ? null
      : this.#context.bytes.subarray(this.#keyAt, this.#keyAt + this.#keyLength);
  }

  get value(): Uint8Array | null {
    return this.#valueLength < 0
      ? null
      : this.#context.bytes.subarray(this.#valueAt, this.#valueAt + this.#valueLength);
  }

  get headers(): readonly KafkaHeader[] {
    const { bytes } = this.#context;
    const headersAt = this.#valueAt + Math.max(0, this.#valueLength);
    if (bytes[headersAt] === 0) return noHeaders;
    const reader = new VarintReader(bytes, headersAt, this.#end);
    const headers: KafkaHeader[] = [];
    for (let left = reader.varint(); left > 0; left--) {
      const keyLength = reader.varint();
      const key = bytes.toString('utf8', reader.at, reader.at + keyLength);
      reader.skip(keyLength);
      const valueLength = reader.varint();
      const value = valueLength < 0 ? null : bytes.subarray(reader.at, reader.at + valueLength);
      if (valueLength > 0) reader.skip(valueLength);
      headers.push({ key, value });
    }
    return headers;
  }
}
