import { BigInteger } from '../../../api/data/big-integer.ts';
import { isBoxed } from '../../../api/data/boxed.ts';
import { Decimal } from '../../../api/data/decimal.ts';
import { Instant } from '../../../api/data/instant.ts';
import { logicalNames } from '../../../api/data/logical-names.ts';
import type { Schema } from '../../../api/data/schema.ts';
import { isStruct } from '../../../api/data/struct-brand.ts';
import type { ConnectValue } from '../../../api/data/value.ts';

const dayMs = 86_400_000n;

/**
 * The JSON text of a value as Connect's JsonConverter writes it with `schemas.enable=false` and
 * `decimal.format=NUMERIC`: a Struct is an object, bytes are base64, Date is days, Time and Timestamp are
 * milliseconds, a map whose keys are not strings is an array of pairs. Written as text because JSON numbers are
 * exact there: no int64 and no decimal passes through a double.
 */
export function jsonValue(value: ConnectValue, schema: Schema | null = null): string {
  if (value === null || value === undefined)
    return schema?.default === undefined ? 'null' : jsonValue(schema.default, schema);
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return jsonNumber(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return jsonObject(value, schema);
  }
}

/** JSON has no NaN and no infinities; Connect writes them as strings. */
const jsonNumber = (value: number): string => (Number.isFinite(value) ? String(value) : `"${String(value)}"`);

function jsonObject(
  value: Exclude<ConnectValue, null | string | number | bigint | boolean>,
  schema: Schema | null,
): string {
  if (isStruct(value)) {
    const { values } = value;
    return `{${value.schema.fields.map((field) => `${JSON.stringify(field.name)}:${jsonValue(values[field.index] ?? null, field.schema)}`).join(',')}}`;
  }
  if (value instanceof Instant) return jsonInstant(value, schema);
  if (value instanceof Decimal) return value.toPlainString();
  if (value instanceof BigInteger) return value.toString();
  if (value instanceof Uint8Array) {
    return `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`;
  }
  if (isBoxed(value)) return jsonNumber(value.value);
  if (Array.isArray(value)) return jsonArray(value as readonly ConnectValue[], schema);
  if (value instanceof Map) return jsonMap(value as ReadonlyMap<ConnectValue, ConnectValue>, schema);
  const entries = Object.entries(value as Readonly<Record<string, ConnectValue>>);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${jsonValue(item)}`).join(',')}}`;
}

const jsonArray = (items: readonly ConnectValue[], schema: Schema | null): string =>
  `[${items.map((item) => jsonValue(item, schema?.valueSchema ?? null)).join(',')}]`;

function jsonInstant(value: Instant, schema: Schema | null): string {
  const ms = BigInt(value.epochMillis);
  return String(schema?.name === logicalNames.date ? ms / dayMs : ms);
}

function jsonMap(map: ReadonlyMap<ConnectValue, ConnectValue>, schema: Schema | null): string {
  const keySchema = schema?.keySchema ?? null;
  const valueSchema = schema?.valueSchema ?? null;
  const entries = [...map];
  const isObject =
    keySchema === null
      ? entries.every(([key]) => typeof key === 'string')
      : keySchema.type === 'STRING' && !keySchema.optional;
  if (isObject)
    return `{${entries.map(([key, item]) => `${jsonValue(key)}:${jsonValue(item, valueSchema)}`).join(',')}}`;
  return `[${entries.map(([key, item]) => `[${jsonValue(key, keySchema)},${jsonValue(item, valueSchema)}]`).join(',')}]`;
}
