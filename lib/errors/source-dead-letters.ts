import { javaString } from '../api/data/java-string.ts';
import type { Schema } from '../api/data/schema.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { DataError } from '../api/errors.ts';
import type { SourceRecord } from '../api/record.ts';
import { jsonConverter } from '../converters/json-converter.ts';
import { stringifyExact } from '../foundation/json/stringify-exact.ts';
import type { KafkaHeader } from '../kafka/ports.ts';
import { contextHeader, failureHeaders } from './context-headers.ts';
import type { DeadLetterOptions } from './dead-letter-queue.ts';
import type { ErrorReporter } from './failed-record.ts';

const withSchema = {
  key: jsonConverter.create({ 'schemas.enable': 'true' }, true),
  value: jsonConverter.create({ 'schemas.enable': 'true' }, false),
};
const utf8 = new TextEncoder();

/**
 * Dead letters of sources, which Kafka Connect does not have. A letter is the record as the task emitted it, before
 * any transformation: key, value and headers as JSON with their schema (JsonConverter, `schemas.enable=true`), the
 * record's own timestamp, and always the headers that say what went wrong and where the record came from:
 * `__connect.errors.topic` (where it was to go), `.partition` (only if the task chose one), `.source.partition` and
 * `.source.offset` (JSON). That is all that processing it again needs.
 */
export function sourceDeadLetters(options: DeadLetterOptions): ErrorReporter {
  return {
    async report(failed) {
      const { source } = failed;
      if (source === undefined) return;
      const { kafkaPartition = null } = source;
      await options.send({
        topic: options.topic,
        key: written(source, 'key'),
        value: written(source, 'value'),
        timestamp: source.timestamp ?? null,
        headers: [
          ...ownHeaders(source),
          contextHeader('topic', source.topic),
          ...(kafkaPartition === null ? [] : [contextHeader('partition', String(kafkaPartition))]),
          contextHeader('source.partition', stringifyExact(source.sourcePartition)),
          contextHeader('source.offset', stringifyExact(source.sourceOffset)),
          ...failureHeaders(failed, options),
        ],
      });
    },
  };
}

function written({ topic, ...record }: SourceRecord, part: 'key' | 'value'): Uint8Array | null {
  const schema = record[`${part}Schema`] ?? null;
  const value = record[part] ?? null;
  // A null without a schema is a tombstone or no key; anything else keeps its envelope.
  return schema === null && value === null ? null : asJson(topic, part, schema, value);
}

function asJson(
  topic: string,
  part: 'key' | 'value',
  schema: Schema | null,
  value: ConnectValue,
): Uint8Array | null {
  try {
    return withSchema[part].fromConnectData(topic, schema, value);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    // A value that does not fit its own schema may be the very failure: its text still shows what it was.
    return utf8.encode(javaString(value, schema));
  }
}

const ownHeaders = ({ topic, headers = [] }: SourceRecord): KafkaHeader[] =>
  headers.map(({ key, schema, value }) => ({ key, value: asJson(topic, 'value', schema, value) }));
