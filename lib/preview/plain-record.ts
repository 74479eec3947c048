import type { ConnectRecord } from '../api/record.ts';
import { type PlainValue, plainValue } from './plain-value.ts';

/** A record as plain data, without its schemas. */
export type PlainRecord = {
  readonly topic: string;
  /** Null: left to the partitioner. */
  readonly partition: number | null;
  readonly key: PlainValue;
  readonly value: PlainValue;
  readonly headers: readonly { readonly key: string; readonly value: PlainValue }[];
  /** Milliseconds since the epoch. */
  readonly timestamp: number | null;
};

export function plainRecord(record: ConnectRecord): PlainRecord {
  return {
    topic: record.topic,
    partition: record.kafkaPartition ?? null,
    key: plainValue(record.key, record.keySchema ?? null),
    value: plainValue(record.value, record.valueSchema ?? null),
    headers: (record.headers ?? []).map(({ key, schema, value }) => ({
      key,
      value: plainValue(value, schema),
    })),
    timestamp: record.timestamp ?? null,
  };
}
