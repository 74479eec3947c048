import { javaString } from '../../api/data/java-string.ts';
import type { Schema } from '../../api/data/schema.ts';
import type { ConnectRecord, SinkRecord, SourceRecord } from '../../api/record.ts';

/** A record as Java prints it, contents included: what Connect puts into the message about a missing timestamp. */
export function describeRecord(record: ConnectRecord): string {
  const fields = [
    `topic='${record.topic}'`,
    `kafkaPartition=${record.kafkaPartition ?? null}`,
    `key=${javaString(record.key ?? null, record.keySchema ?? null)}`,
    `keySchema=${schemaText(record.keySchema)}`,
    `value=${javaString(record.value ?? null, record.valueSchema ?? null)}`,
    `valueSchema=${schemaText(record.valueSchema)}`,
    `timestamp=${record.timestamp ?? null}`,
    `headers=ConnectHeaders(headers=${headersText(record)})`,
  ].join(', ');
  return isSink(record)
    ? `SinkRecord{kafkaOffset=${record.kafkaOffset}, timestampType=${record.timestampType}, originalTopic=${record.originalTopic}, originalKafkaPartition=${record.originalKafkaPartition}, originalKafkaOffset=${record.originalKafkaOffset}} ConnectRecord{${fields}}`
    : `SourceRecord{sourcePartition=${offsetText(record, 'sourcePartition')}, sourceOffset=${offsetText(record, 'sourceOffset')}} ConnectRecord{${fields}}`;
}

const isSink = (record: ConnectRecord): record is SinkRecord => 'kafkaOffset' in record;

const schemaText = (schema: Schema | null | undefined): string => schema?.toString() ?? 'null';

const offsetText = (record: ConnectRecord, part: 'sourcePartition' | 'sourceOffset'): string =>
  javaString((record as Partial<SourceRecord>)[part] ?? null, null);

function headersText({ headers = [] }: ConnectRecord): string {
  if (headers.length === 0) return '';
  const texts = headers.map(
    ({ key, schema, value }) =>
      `ConnectHeader(key=${key}, value=${javaString(value, schema)}, schema=${schemaText(schema)})`,
  );
  return `[${texts.join(', ')}]`;
}
