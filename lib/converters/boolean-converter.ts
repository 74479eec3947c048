import { ConfigDef } from '../api/config-def.ts';
import { connectVersion } from '../api/connect-version.ts';
import type { Converter, ConverterPlugin, HeaderConverter, SchemaAndValue } from '../api/converter.ts';
import { javaClassOf } from '../api/data/java-class.ts';
import { optionalBooleanSchema, type Schema } from '../api/data/schema.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { DataError } from '../api/errors.ts';

function fromBoolean(schema: Schema | null, value: ConnectValue): Uint8Array | null {
  if (schema !== null && schema.type !== 'BOOLEAN')
    throw new DataError(`Invalid schema type for BooleanConverter: ${schema.type}`);
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  throw new DataError(
    `BooleanConverter is not compatible with objects of type class ${javaClassOf(value, schema)}`,
  );
}

function toBoolean(bytes: Uint8Array | null): SchemaAndValue {
  if (bytes === null) return { schema: optionalBooleanSchema, value: null };
  const [byte] = bytes;
  if (bytes.length === 1 && (byte === 0 || byte === 1))
    return { schema: optionalBooleanSchema, value: byte === 1 };
  throw new DataError('Failed to deserialize boolean: ', { hint: 'A boolean is one byte, 0x00 or 0x01.' });
}

const converter: Converter & HeaderConverter = {
  fromConnectData: (_topic, schema, value) => fromBoolean(schema, value),
  toConnectData: (_topic, bytes) => toBoolean(bytes),
  fromConnectHeader: (_topic, _key, schema, value) => fromBoolean(schema, value),
  toConnectHeader: (_topic, _key, bytes) => toBoolean(bytes),
};

/** One byte: 0x01 or 0x00. */
export const booleanConverter: ConverterPlugin = {
  kind: 'converter',
  class: 'org.apache.kafka.connect.converters.BooleanConverter',
  version: connectVersion,
  configDef: new ConfigDef({}),
  create: () => converter,
  createHeader: () => converter,
};
