import { BigInteger } from './big-integer.ts';
import { isBoxed } from './boxed.ts';
import { Decimal } from './decimal.ts';
import { Instant } from './instant.ts';
import { isPlainObject } from './java-class.ts';
import type { Field, Schema } from './schema.ts';
import { isStruct } from './struct-brand.ts';
import type { ConnectValue } from './value.ts';

/** Whether two schemas are the same in everything, doc and default included, as in Kafka Connect. */
export function schemaEquals(a: Schema | null, b: Schema | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (
    a.type === b.type &&
    a.optional === b.optional &&
    a.name === b.name &&
    a.version === b.version &&
    a.doc === b.doc &&
    a.fields.length === b.fields.length &&
    valueEquals(a.default ?? null, b.default ?? null) &&
    parametersEqual(a.parameters, b.parameters) &&
    schemaEquals(a.keySchema, b.keySchema) &&
    schemaEquals(a.valueSchema, b.valueSchema) &&
    a.fields.every((field, i) => fieldEquals(field, b.fields[i]))
  );
}

const fieldEquals = (a: Field, b: Field | undefined): boolean =>
  b !== undefined && a.name === b.name && schemaEquals(a.schema, b.schema);

export function parametersEqual(
  a: ReadonlyMap<string, string> | null,
  b: ReadonlyMap<string, string> | null,
): boolean {
  if (a === null || b === null) return a === b;
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

/**
 * Java's equals: NaN equals itself and -0.0 is not 0.0, a Decimal compares with its scale, bytes by content, and
 * maps in any order.
 */
export function valueEquals(a: ConnectValue, b: ConnectValue): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isStruct(a)) return isStruct(b) && schemaEquals(a.schema, b.schema) && listEquals(a.values, b.values);
  if (a instanceof Instant || a instanceof Decimal || a instanceof BigInteger) return a.equals(b);
  if (isBoxed(a)) return isBoxed(b) && a.type === b.type && Object.is(a.value, b.value);
  if (a instanceof Uint8Array)
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (Array.isArray(a)) return Array.isArray(b) && listEquals(a, b);
  if (a instanceof Map) return b instanceof Map && mapEquals(a, b);
  return isPlainObject(a) && isPlainObject(b) && objectEquals(a, b);
}

const listEquals = (a: readonly ConnectValue[], b: readonly ConnectValue[]): boolean =>
  a.length === b.length && a.every((item, i) => valueEquals(item, b[i] ?? null));

type AnyMap = ReadonlyMap<ConnectValue, ConnectValue>;

/** Keys that are objects (a Decimal, bytes) are found by value, as a Java map finds them. */
function mapEquals(a: AnyMap, b: AnyMap): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const entry = b.has(key)
      ? ([key, b.get(key) ?? null] as const)
      : [...b].find(([other]) => valueEquals(key, other));
    if (entry === undefined || !valueEquals(value, entry[1])) return false;
  }
  return true;
}

function objectEquals(
  a: Readonly<Record<string, ConnectValue>>,
  b: Readonly<Record<string, ConnectValue>>,
): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && valueEquals(a[key] ?? null, b[key] ?? null))
  );
}
