import { ConfigDef } from '../api/config-def.ts';
import { connectVersion } from '../api/connect-version.ts';
import type { Converter, ConverterPlugin, HeaderConverter, SchemaAndValue } from '../api/converter.ts';
import { javaClassOf } from '../api/data/java-class.ts';
import { optionalBytesSchema, type Schema } from '../api/data/schema.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { DataError } from '../api/errors.ts';

function fromBytes(schema: Schema | null, value: ConnectValue): Uint8Array | null {
  if (schema !== null && schema.type !== 'BYTES')
    throw new DataError(`Invalid schema type for ByteArrayConverter: ${schema.type}`);
  if (value === null || value === undefined || value instanceof Uint8Array) return value ?? null;
  throw new DataError(
    `ByteArrayConverter is not compatible with objects of type class ${javaClassOf(value, schema)}`,
  );
}

const toBytes = (bytes: Uint8Array | null): SchemaAndValue => ({ schema: optionalBytesSchema, value: bytes });

const converter: Converter & HeaderConverter = {
  fromConnectData: (_topic, schema, value) => fromBytes(schema, value),
  toConnectData: (_topic, bytes) => toBytes(bytes),
  fromConnectHeader: (_topic, _key, schema, value) => fromBytes(schema, value),
  toConnectHeader: (_topic, _key, bytes) => toBytes(bytes),
};

/** Passes bytes through, uncopied and unparsed. */
export const byteArrayConverter: ConverterPlugin = {
  kind: 'converter',
  class: 'org.apache.kafka.connect.converters.ByteArrayConverter',
  version: connectVersion,
  configDef: new ConfigDef({}),
  create: () => converter,
  createHeader: () => converter,
};
