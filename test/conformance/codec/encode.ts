import { BigInteger } from '../../../lib/api/data/big-integer.ts';
import { isBoxed } from '../../../lib/api/data/boxed.ts';
import { Decimal } from '../../../lib/api/data/decimal.ts';
import { schemaEquals } from '../../../lib/api/data/equals.ts';
import { Instant } from '../../../lib/api/data/instant.ts';
import type { Field, Schema } from '../../../lib/api/data/schema.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import type { ConnectValue } from '../../../lib/api/data/value.ts';

export function encodeSchema(schema: Schema | null): unknown {
  if (schema === null) return null;
  const isNested = schema.type === 'MAP' || schema.type === 'ARRAY';
  return {
    type: schema.type.toLowerCase(),
    optional: schema.optional,
    ...(schema.name !== null && { name: schema.name }),
    ...(schema.version !== null && { version: schema.version }),
    ...(schema.doc !== null && { doc: schema.doc }),
    ...(schema.parameters !== null && { parameters: Object.fromEntries(schema.parameters) }),
    ...(schema.default !== undefined && { default: encodeValue(schema.default, schema) }),
    ...(schema.type === 'STRUCT' && { fields: schema.fields.map(encodeField) }),
    ...(schema.type === 'MAP' && { keySchema: encodeSchema(schema.keySchema) }),
    ...(isNested && { valueSchema: encodeSchema(schema.valueSchema) }),
  };
}

const encodeField = (field: Field): unknown => ({
  field: field.name,
  ...(encodeSchema(field.schema) as object),
});

/** The inverse of decodeValue. Floats are encoded as their shortest text: compare them as numbers. */
export function encodeValue(value: ConnectValue, schema: Schema | null): unknown {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'boolean':
      return { boolean: value };
    case 'string':
      return { string: value };
    case 'bigint':
      return { int64: String(value) };
    case 'number':
      return encodeNumber(value, schema?.type);
    default:
      return encodeObject(value, schema);
  }
}

function encodeNumber(value: number, type: string | undefined): unknown {
  if (type === 'INT8' || type === 'INT16' || type === 'INT32') return { [type.toLowerCase()]: value };
  if (type === 'FLOAT32' || type === 'FLOAT64') return { [type.toLowerCase()]: floatText(value) };
  return Number.isSafeInteger(value) ? { int64: String(value) } : { float64: floatText(value) };
}

export const floatText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function encodeObject(
  value: Exclude<ConnectValue, string | number | bigint | boolean | null>,
  schema: Schema | null,
): unknown {
  if (isBoxed(value)) {
    return value.type.startsWith('FLOAT')
      ? { [value.type.toLowerCase()]: floatText(value.value) }
      : { [value.type.toLowerCase()]: value.value };
  }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Decimal) return { decimal: { unscaled: String(value.unscaled), scale: value.scale } };
  if (value instanceof BigInteger) return { bigint: value.toString() };
  if (value instanceof Instant) return { date: String(value.epochMillis) };
  if (value instanceof Struct) return encodeStruct(value, schema);
  if (Array.isArray(value)) {
    return {
      array: (value as readonly ConnectValue[]).map((item) => encodeValue(item, schema?.valueSchema ?? null)),
    };
  }
  const entries: [ConnectValue, ConnectValue][] = value instanceof Map ? [...value] : Object.entries(value);
  const [keySchema, valueSchema] = [schema?.keySchema ?? null, schema?.valueSchema ?? null];
  return { map: entries.map(([key, item]) => [encodeValue(key, keySchema), encodeValue(item, valueSchema)]) };
}

function encodeStruct(struct: Struct, schema: Schema | null): unknown {
  const fields = struct.schema.fields.map(({ name, index, schema: field }) => [
    name,
    encodeValue(struct.values[index] ?? null, field),
  ]);
  return schemaEquals(struct.schema, schema)
    ? { struct: fields }
    : { struct: fields, schema: encodeSchema(struct.schema) };
}
