import { javaDate } from '../../foundation/java/date-format.ts';
import { javaDouble, javaFloat } from '../../foundation/java/number-format.ts';
import { type Boxed, isBoxed } from './boxed.ts';
import { Instant } from './instant.ts';
import { isPlainObject } from './java-class.ts';
import type { Schema } from './schema.ts';
import type { ConnectValue } from './value.ts';

/**
 * What Java's toString gives: `{a=1, b=[1, 2]}`, `Struct{f2=1}`, `1.0E21`. The schema, where there is one, tells
 * floats from integers.
 */
export function javaString(value: ConnectValue, schema: Schema | null): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return numberString(value, schema);
  if (typeof value !== 'object') return String(value);
  if (isBoxed(value)) return boxedString(value);
  if (value instanceof Instant) return javaDate(value.epochMillis);
  if (value instanceof Uint8Array) return `[B@${contentHash(value).toString(16)}`;
  if (Array.isArray(value)) {
    const elements = value as readonly ConnectValue[];
    return `[${elements.map((item) => javaString(item, schema?.valueSchema ?? null)).join(', ')}]`;
  }
  if (value instanceof Map) return mapString(value as ReadonlyMap<ConnectValue, ConnectValue>, schema);
  if (isPlainObject(value)) return mapString(new Map(Object.entries(value)), schema);
  return value.toString();
}

function numberString(value: number, schema: Schema | null): string {
  switch (schema?.type) {
    case 'FLOAT32':
      return javaFloat(value);
    case 'FLOAT64':
      return javaDouble(value);
    default:
      return Number.isSafeInteger(value) ? String(value) : javaDouble(value);
  }
}

export function boxedString(boxed: Boxed): string {
  if (boxed.type === 'FLOAT32') return javaFloat(boxed.value);
  return boxed.type === 'FLOAT64' ? javaDouble(boxed.value) : String(boxed.value);
}

function mapString(map: ReadonlyMap<ConnectValue, ConnectValue>, schema: Schema | null): string {
  const entries = [...map].map(
    ([key, value]) =>
      `${javaString(key, schema?.keySchema ?? null)}=${javaString(value, schema?.valueSchema ?? null)}`,
  );
  return `{${entries.join(', ')}}`;
}

/** Java prints an identity hash here, which nobody can rely on; ours at least depends on nothing but the bytes. */
function contentHash(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => (Math.imul(hash, 31) + byte) >>> 0, 1);
}
