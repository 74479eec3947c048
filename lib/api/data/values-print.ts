import { SimpleDateFormat } from '../../foundation/java/simple-date-format.ts';
import { DataError } from '../errors.ts';
import { BigInteger } from './big-integer.ts';
import { isBoxed } from './boxed.ts';
import { Decimal } from './decimal.ts';
import { Instant } from './instant.ts';
import { isPlainObject, javaClassOf } from './java-class.ts';
import { javaString } from './java-string.ts';
import { isStruct } from './struct-brand.ts';
import type { Struct } from './struct.ts';
import { withoutSchema } from './schemaless.ts';
import type { ConnectValue } from './value.ts';

/** A value without a schema as `parseText` reads it; text inside arrays, maps and structs is quoted. */
export function printValue(value: ConnectValue, embedded: boolean): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return embedded ? `"${value.replace(/[\\"]/g, '\\$&')}"` : value;
  if (typeof value !== 'object' || isBoxed(value)) return javaString(value, null);
  if (value instanceof Decimal || value instanceof BigInteger) return value.toString();
  if (value instanceof Uint8Array) {
    const base64 = Buffer.from(value).toString('base64');
    return embedded ? `"${base64}"` : base64;
  }
  if (value instanceof Instant) return printInstant(value.epochMillis);
  if (Array.isArray(value)) return `[${value.map((item: ConnectValue) => printValue(item, true)).join(',')}]`;
  if (value instanceof Map) return printEntries([...(value as ReadonlyMap<ConnectValue, ConnectValue>)]);
  if (isStruct(value)) return printStruct(value);
  if (isPlainObject(value)) return printEntries(Object.entries(value));
  throw new DataError(`Failed to serialize unexpected value type ${javaClassOf(value)}: ${String(value)}`);
}

const printEntries = (entries: readonly (readonly [ConnectValue, ConnectValue])[]): string =>
  `{${entries.map(([key, value]) => `${printValue(key, true)}:${printValue(value, true)}`).join(',')}}`;

const printStruct = (struct: Struct): string =>
  printEntries(
    struct.schema.fields.map(({ name, schema }) => [name, withoutSchema(struct.get(name), schema)]),
  );

const dayMs = 86_400_000;
const time = new SimpleDateFormat("HH:mm:ss.SSS'Z'", 0);
const date = new SimpleDateFormat('yyyy-MM-dd', 0);
const timestamp = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", 0);

/** Connect tells times, dates and timestamps apart by the value alone. */
function printInstant(millis: number | bigint): string {
  if (millis < dayMs) return time.format(millis);
  return BigInt(millis) % BigInt(dayMs) === 0n ? date.format(millis) : timestamp.format(millis);
}
