import type { Header } from '../../../lib/api/headers.ts';
import type { ConnectRecord, SinkRecord, SourceRecord, TimestampType } from '../../../lib/api/record.ts';
import { decodeSchema, definitely, type TaggedSchema } from './decode-schema.ts';
import { decodeValue } from './decode-value.ts';
import { encodeSchema, encodeValue } from './encode.ts';

interface TaggedHeader {
  readonly key: string;
  readonly schema: TaggedSchema | null;
  readonly value: unknown;
}

export interface TaggedRecord {
  readonly recordType: 'source' | 'sink';
  readonly topic: string;
  readonly partition: number | null;
  readonly timestamp: string | null;
  readonly keySchema: TaggedSchema | null;
  readonly key: unknown;
  readonly valueSchema: TaggedSchema | null;
  readonly value: unknown;
  readonly headers: readonly TaggedHeader[];
  readonly offset?: string;
  readonly timestampType?: TimestampType;
}

export function decodeRecord(tagged: TaggedRecord): SourceRecord | SinkRecord {
  const keySchema = decodeSchema(tagged.keySchema);
  const valueSchema = decodeSchema(tagged.valueSchema);
  const common = {
    topic: tagged.topic,
    timestamp: tagged.timestamp === null ? null : Number(tagged.timestamp),
    keySchema,
    key: decodeValue(tagged.key, keySchema),
    valueSchema,
    value: decodeValue(tagged.value, valueSchema),
    headers: tagged.headers.map(decodeHeader),
  };
  if (tagged.recordType === 'source') {
    return {
      ...common,
      kafkaPartition: tagged.partition,
      sourcePartition: { p: 'a' },
      sourceOffset: { o: 1 },
    };
  }
  const [kafkaPartition, kafkaOffset] = [definitely(tagged.partition), BigInt(definitely(tagged.offset))];
  return {
    ...common,
    kafkaPartition,
    kafkaOffset,
    timestampType: definitely(tagged.timestampType),
    originalTopic: tagged.topic,
    originalKafkaPartition: kafkaPartition,
    originalKafkaOffset: kafkaOffset,
  };
}

function decodeHeader({ key, schema: tagged, value }: TaggedHeader): Header {
  const schema = decodeSchema(tagged);
  return { key, schema, value: decodeValue(value, schema) };
}

export function encodeRecord(record: ConnectRecord): unknown {
  const [keySchema, valueSchema] = [record.keySchema ?? null, record.valueSchema ?? null];
  const sink = 'kafkaOffset' in record ? (record as SinkRecord) : null;
  return {
    recordType: sink === null ? 'source' : 'sink',
    topic: record.topic,
    partition: record.kafkaPartition ?? null,
    timestamp: typeof record.timestamp === 'number' ? String(record.timestamp) : null,
    keySchema: encodeSchema(keySchema),
    key: encodeValue(record.key ?? null, keySchema),
    valueSchema: encodeSchema(valueSchema),
    value: encodeValue(record.value ?? null, valueSchema),
    headers: (record.headers ?? []).map(({ key, schema, value }) => ({
      key,
      schema: encodeSchema(schema),
      value: encodeValue(value, schema),
    })),
    ...(sink !== null && { offset: String(sink.kafkaOffset), timestampType: sink.timestampType }),
    ...(sink !== null && sink.originalTopic !== sink.topic && { originalTopic: sink.originalTopic }),
  };
}
