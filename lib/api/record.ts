import type { Schema } from './data/schema.ts';
import type { ConnectValue } from './data/value.ts';
import type { Headers } from './headers.ts';

/** String keys, primitive values: identifies a part of a source (`{table: "orders"}`) or a position in it (`{id: 7}`). */
export type OffsetMap = Readonly<Record<string, OffsetPrimitive>>;
/** Integers come back as `number` when safe and as `bigint` beyond: normalise with BigInt(...) where it matters. */
export type OffsetPrimitive = string | number | bigint | boolean | null;
export type SourcePartition = OffsetMap;
export type SourceOffset = OffsetMap;

/**
 * What sources emit, transformations change and sinks receive. A record is immutable: a transformation returns a
 * copy (`{ ...record, topic: 'other' }`). Absent and null mean the same for schema, key, value and timestamp.
 */
export interface ConnectRecord {
  readonly topic: string;
  /** For a source: null lets the partitioner choose (murmur2 of the key, as the Java client). */
  readonly kafkaPartition?: number | null;
  readonly keySchema?: Schema | null;
  readonly key?: ConnectValue;
  /** Null: schemaless. */
  readonly valueSchema?: Schema | null;
  /** Null: a tombstone when the schema is null as well. */
  readonly value?: ConnectValue;
  /** Milliseconds since the epoch. */
  readonly timestamp?: number | null;
  readonly headers?: Headers;
}

export interface SourceRecord extends ConnectRecord {
  /** Which part of the source it came from. */
  readonly sourcePartition: SourcePartition;
  /** Where to go on after this record: handed back through `context.offsets` once the record is in Kafka. */
  readonly sourceOffset: SourceOffset;
}

export const timestampTypes = ['CreateTime', 'LogAppendTime', 'NoTimestampType'] as const;
export type TimestampType = (typeof timestampTypes)[number];

export interface SinkRecord extends ConnectRecord {
  readonly kafkaPartition: number;
  readonly kafkaOffset: bigint;
  readonly timestampType: TimestampType;
  /** Where the record was read, before any transformation renamed its topic (KIP-793). */
  readonly originalTopic: string;
  readonly originalKafkaPartition: number;
  readonly originalKafkaOffset: bigint;
}
