import { ConfigDef } from '../api/config-def.ts';
import { connectVersion } from '../api/connect-version.ts';
import type { Converter, ConverterPlugin, HeaderConverter, SchemaAndValue } from '../api/converter.ts';
import { isBoxed } from '../api/data/boxed.ts';
import { javaClassOf, numericTypeOf, type NumericType } from '../api/data/java-class.ts';
import * as schemas from '../api/data/schema.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { DataError } from '../api/errors.ts';

interface NumberFormat {
  /** As the messages call it. */
  readonly name: string;
  readonly type: NumericType;
  readonly schema: schemas.Schema;
  readonly bytes: number;
  write(view: DataView, value: number | bigint): void;
  read(view: DataView): number | bigint;
}

/** Big-endian, with an optional schema. Like Connect, only the very Java type is taken: nothing is widened. */
function numberConverter(format: NumberFormat): ConverterPlugin {
  const from = (schema: schemas.Schema | null, value: ConnectValue): Uint8Array | null => {
    if (value === null || value === undefined) return null;
    const number = isBoxed(value) ? value.value : value;
    if (
      numericTypeOf(value, schema) !== format.type ||
      (typeof number !== 'number' && typeof number !== 'bigint')
    ) {
      throw new DataError(
        `Failed to serialize to ${format.name} (was class ${javaClassOf(value, schema)}): `,
      );
    }
    const bytes = new Uint8Array(format.bytes);
    format.write(new DataView(bytes.buffer), number);
    return bytes;
  };
  const to = (bytes: Uint8Array | null): SchemaAndValue => {
    if (bytes === null) return { schema: format.schema, value: null };
    if (bytes.length !== format.bytes) {
      throw new DataError(`Failed to deserialize ${format.name}: `, {
        hint: `${format.bytes} bytes are expected, not ${bytes.length}.`,
      });
    }
    return {
      schema: format.schema,
      value: format.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length)),
    };
  };
  const converter: Converter & HeaderConverter = {
    fromConnectData: (_topic, schema, value) => from(schema, value),
    toConnectData: (_topic, bytes) => to(bytes),
    fromConnectHeader: (_topic, _key, schema, value) => from(schema, value),
    toConnectHeader: (_topic, _key, bytes) => to(bytes),
  };
  const simpleName = format.name.charAt(0).toUpperCase() + format.name.slice(1);
  return {
    kind: 'converter',
    class: `org.apache.kafka.connect.converters.${simpleName}Converter`,
    version: connectVersion,
    configDef: new ConfigDef({}),
    create: () => converter,
    createHeader: () => converter,
  };
}

export const shortConverter: ConverterPlugin = numberConverter({
  name: 'short',
  type: 'INT16',
  schema: schemas.optionalInt16Schema,
  bytes: 2,
  write: (view, value) => view.setInt16(0, Number(value)),
  read: (view) => view.getInt16(0),
});

export const integerConverter: ConverterPlugin = numberConverter({
  name: 'integer',
  type: 'INT32',
  schema: schemas.optionalInt32Schema,
  bytes: 4,
  write: (view, value) => view.setInt32(0, Number(value)),
  read: (view) => view.getInt32(0),
});

export const longConverter: ConverterPlugin = numberConverter({
  name: 'long',
  type: 'INT64',
  schema: schemas.optionalInt64Schema,
  bytes: 8,
  write: (view, value) => view.setBigInt64(0, BigInt(value)),
  read: (view) => view.getBigInt64(0),
});

export const floatConverter: ConverterPlugin = numberConverter({
  name: 'float',
  type: 'FLOAT32',
  schema: schemas.optionalFloat32Schema,
  bytes: 4,
  write: (view, value) => view.setFloat32(0, Number(value)),
  read: (view) => view.getFloat32(0),
});

export const doubleConverter: ConverterPlugin = numberConverter({
  name: 'double',
  type: 'FLOAT64',
  schema: schemas.optionalFloat64Schema,
  bytes: 8,
  write: (view, value) => view.setFloat64(0, Number(value)),
  read: (view) => view.getFloat64(0),
});
