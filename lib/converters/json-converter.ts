import { ConfigDef, type ConfigKeys, type ConnectorConfig, type ParsedConfig } from '../api/config-def.ts';
import { connectVersion } from '../api/connect-version.ts';
import { caseInsensitiveOneOf } from '../api/config-def/validators.ts';
import type {
  Converter,
  ConverterPlugin,
  HeaderConverter,
  SchemaAndValue,
  Serialized,
} from '../api/converter.ts';
import type { Schema } from '../api/data/schema.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { ConnectError, DataError } from '../api/errors.ts';
import { decodeJsonText } from '../foundation/json/decode-text.ts';
import { JsonReader } from '../foundation/json/json-reader.ts';
import { mayHoldHalfPairs } from '../foundation/json/parse-exact.ts';
import { parsePlain } from '../foundation/json/parse-plain.ts';
import { closingBrace, EnvelopeReader, jackson, readTree } from './json/envelope-reader.ts';
import { missing } from './json/json-node.ts';
import { readSchema } from './json/schema-reader.ts';
import { writeSchema } from './json/schema-writer.ts';
import { schemalessNumber } from './json/schemaless-reader.ts';
import { ValueReader } from './json/value-reader.ts';
import { ValueWriter } from './json/value-writer.ts';

const keys = {
  'schemas.enable': {
    type: 'BOOLEAN',
    default: true,
    importance: 'HIGH',
    doc: 'Write each message with its schema, as {"schema": …, "payload": …}, and expect messages read to be such.',
    group: 'Schemas',
    orderInGroup: 0,
    width: 'MEDIUM',
    displayName: 'Enable Schemas',
  },
  'schemas.cache.size': {
    type: 'INT',
    default: 1000,
    importance: 'HIGH',
    doc: 'How many schemas read from messages are kept.',
    group: 'Schemas',
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Schema Cache Size',
  },
  'schema.content': {
    type: 'STRING',
    default: null,
    importance: 'HIGH',
    doc: 'The schema of all messages read, in the JSON form of an envelope; messages are then plain payloads (KIP-1054).',
    group: 'Schemas',
    orderInGroup: 2,
    width: 'MEDIUM',
    displayName: 'Schema Content',
  },
  'decimal.format': {
    type: 'STRING',
    default: 'BASE64',
    validator: caseInsensitiveOneOf('BASE64', 'NUMERIC'),
    importance: 'LOW',
    doc: 'How Decimals are written: base64 of the unscaled value, or a JSON number. Both are read.',
    group: 'Serialization',
    orderInGroup: 0,
    width: 'MEDIUM',
    displayName: 'Decimal Format',
  },
  'replace.null.with.default': {
    type: 'BOOLEAN',
    default: true,
    importance: 'LOW',
    doc: 'Write and read a null field that has a default as the default.',
    group: 'Serialization',
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Replace null with default',
  },
} as const satisfies ConfigKeys;

const configDef = new ConfigDef(keys);

class JsonConverter implements Converter, HeaderConverter {
  readonly #schemasEnabled: boolean;
  readonly #schema: Schema | null;
  readonly #reader: ValueReader;
  readonly #envelopes: EnvelopeReader;
  readonly #writer: ValueWriter;
  /** What stands before the payload, by schema. */
  readonly #prefixes = new WeakMap<Schema, Buffer>();

  constructor(config: ParsedConfig<typeof keys>) {
    const replaceNullWithDefault = config['replace.null.with.default'];
    const decimalFormat = config['decimal.format'].toUpperCase() === 'NUMERIC' ? 'NUMERIC' : 'BASE64';
    this.#schemasEnabled = config['schemas.enable'];
    this.#reader = new ValueReader({ replaceNullWithDefault });
    this.#envelopes = new EnvelopeReader(this.#reader, config['schemas.cache.size']);
    this.#writer = new ValueWriter({ replaceNullWithDefault, decimalFormat });
    this.#schema = config['schema.content'] ? readContent(config['schema.content'], this.#reader) : null;
  }

  fromConnectData(topic: string, schema: Schema | null, value: ConnectValue): Uint8Array | null {
    const serialized = this.serialize(topic, schema, value);
    return typeof serialized === 'string' ? Buffer.from(serialized) : serialized;
  }

  serialize(_topic: string, schema: Schema | null, value: ConnectValue): Serialized {
    if (schema === null && (value === null || value === undefined)) return null;
    if (!this.#schemasEnabled) return this.#writer.write(schema, value);
    // The schema first, as in Connect: it may be the one that cannot be written, and says so.
    const prefix = schema === null ? nullPrefix : this.#prefix(schema);
    return envelope(prefix, this.#writer.write(schema, value));
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    if (bytes === null) return { schema: null, value: null };
    try {
      if (!this.#schemasEnabled) return { schema: null, value: readSchemaless(decodeJsonText(bytes)) };
      if (this.#schema === null) return this.#envelopes.read(bytes);
      const text = decodeJsonText(bytes);
      return {
        schema: this.#schema,
        value: this.#reader.read(this.#schema, /^[ \t\n\r]*$/.test(text) ? missing : readTree(text)),
      };
    } catch (error) {
      if (error instanceof ConnectError) throw error;
      throw new DataError('Converting byte[] to Kafka Connect data failed due to serialization error: ', {
        cause: error,
      });
    }
  }

  fromConnectHeader(
    topic: string,
    _key: string,
    schema: Schema | null,
    value: ConnectValue,
  ): Uint8Array | null {
    return this.fromConnectData(topic, schema, value);
  }

  toConnectHeader(topic: string, _key: string, bytes: Uint8Array | null): SchemaAndValue {
    return this.toConnectData(topic, bytes);
  }

  #prefix(schema: Schema): Buffer {
    let prefix = this.#prefixes.get(schema);
    if (prefix === undefined) {
      prefix = Buffer.from(`{"schema":${writeSchema(schema, this.#writer)},"payload":`);
      this.#prefixes.set(schema, prefix);
    }
    return prefix;
  }
}

const nullPrefix = Buffer.from('{"schema":null,"payload":');

/** The prefix is most of the message: copied as bytes, not encoded each time. */
function envelope(prefix: Buffer, payload: string): Buffer {
  const end = prefix.length + Buffer.byteLength(payload);
  const bytes = Buffer.allocUnsafe(end + 1);
  prefix.copy(bytes);
  bytes.write(payload, prefix.length);
  bytes[end] = closingBrace;
  return bytes;
}

function readSchemaless(text: string): ConnectValue {
  if (!mayHoldHalfPairs(text)) {
    try {
      const plain = parsePlain(text) as ConnectValue | undefined;
      if (plain !== undefined) return plain;
    } catch {
      // Jackson takes some text JSON.parse refuses, and the reader below says what is wrong with the rest.
    }
  }
  const reader = new JsonReader(text, { ...jackson, number: schemalessNumber });
  return reader.atEnd() ? null : (reader.value() as ConnectValue);
}

function readContent(content: string, values: ValueReader): Schema | null {
  try {
    return readSchema(readTree(content), values);
  } catch (error) {
    if (error instanceof ConnectError) throw error;
    throw new DataError('Failed to parse schema in converter config due to serialization error: ', {
      cause: error,
    });
  }
}

const create = (config: ConnectorConfig): JsonConverter => new JsonConverter(configDef.parse(config));

export const jsonConverter: ConverterPlugin = {
  kind: 'converter',
  class: 'org.apache.kafka.connect.json.JsonConverter',
  version: connectVersion,
  configDef,
  create,
  createHeader: create,
};
