import type { Converters } from '../pipeline/converters.ts';
import type { KafkaRecord } from '../kafka/ports.ts';
import { plainInteger, type PlainValue, plainValue } from '../preview/plain-value.ts';
import { toText } from './kafka-messages.ts';

/** A record as it lies in Kafka, read with the converters of the connector: plain data. */
export interface ReceivedRecord {
  readonly offset: number | bigint;
  readonly key: PlainValue;
  readonly value: PlainValue;
  readonly headers: readonly { readonly key: string; readonly value: PlainValue }[];
  readonly timestamp: number;
}

/** A record of the dead-letter topic: the original bytes as text, and why it is there. */
export interface DeadLetter {
  readonly key: string | null;
  readonly value: string | null;
  /** By name; of several with one name the last. `__connect.errors.stage` and its like are among them. */
  readonly headers: Readonly<Record<string, string | null>>;
}

export function received(topic: string, record: KafkaRecord, converters: Converters): ReceivedRecord {
  const key = converters.key.toConnectData(topic, record.key);
  const value = converters.value.toConnectData(topic, record.value);
  return {
    offset: plainInteger(record.offset),
    key: plainValue(key.value, key.schema),
    value: plainValue(value.value, value.schema),
    headers: record.headers.map((header) => {
      const data = converters.header.toConnectHeader(topic, header.key, header.value);
      return { key: header.key, value: plainValue(data.value, data.schema) };
    }),
    timestamp: record.timestamp,
  };
}

export const deadLetter = ({ key, value, headers }: KafkaRecord): DeadLetter => ({
  key: toText(key),
  value: toText(value),
  headers: Object.fromEntries(headers.map((header) => [header.key, toText(header.value)])),
});
