import { isBoxed } from '../api/data/boxed.ts';
import { Decimal } from '../api/data/decimal.ts';
import { Instant } from '../api/data/instant.ts';
import { logicalNames } from '../api/data/logical-names.ts';
import type { Schema } from '../api/data/schema.ts';
import { isStruct } from '../api/data/struct-brand.ts';
import type { ConnectValue } from '../api/data/value.ts';

/** Data as a test or a person wants to look at it: no classes but Uint8Array. */
export type PlainValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

/**
 * A Connect value as plain data: a Struct or a map with text keys is an object, another map a list of pairs, a
 * Decimal its digits as text, a date or time ISO text. Integers are numbers while these are exact, else bigint.
 */
export function plainValue(value: ConnectValue | undefined, schema: Schema | null = null): PlainValue {
  if (value === null || value === undefined)
    return schema?.default === undefined || schema.default === null
      ? null
      : plainValue(schema.default, schema);
  if (typeof value === 'bigint') return plainInteger(value);
  if (typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return plainBytes(value);
  if (isBoxed(value)) return value.value;
  if (value instanceof Decimal) return value.toString();
  if (value instanceof Instant) return plainInstant(value, schema);
  if (isStruct(value)) {
    const { values } = value;
    return Object.fromEntries(
      value.schema.fields.map((field) => [field.name, plainValue(values[field.index], field.schema)]),
    );
  }
  if (Array.isArray(value))
    return value.map((item: ConnectValue) => plainValue(item, schema?.valueSchema ?? null));
  if (value instanceof Map) return plainMap(value as ReadonlyMap<ConnectValue, ConnectValue>, schema);
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, ConnectValue>>).map(([key, item]) => [
      key,
      plainValue(item),
    ]),
  );
}

/** Offsets and other integers: a number while it is exact. */
export const plainInteger = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;

/** The same bytes as a Uint8Array proper: a Buffer equals none in a test. */
export const plainBytes = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function plainMap(map: ReadonlyMap<ConnectValue, ConnectValue>, schema: Schema | null): PlainValue {
  const entries = [...map].map(
    ([key, item]) =>
      [plainValue(key, schema?.keySchema ?? null), plainValue(item, schema?.valueSchema ?? null)] as const,
  );
  return entries.every(([key]) => typeof key === 'string')
    ? Object.fromEntries(entries as (readonly [string, PlainValue])[])
    : entries;
}

function plainInstant(value: Instant, schema: Schema | null): PlainValue {
  const date = value.toDate();
  if (Number.isNaN(date.getTime())) return String(value.epochMillis);
  const text = date.toISOString();
  if (schema?.name === logicalNames.date) return text.slice(0, 10);
  return schema?.name === logicalNames.time ? text.slice(11, -1) : text;
}
