import { Decimal } from '../../api/data/decimal.ts';
import { Float32, Int16, Int32, Int8 } from '../../api/data/boxed.ts';
import { Instant } from '../../api/data/instant.ts';
import { javaClassOf, numericTypeOf } from '../../api/data/java-class.ts';
import { javaString } from '../../api/data/java-string.ts';
import { dateToDays, timeToMillis, timestampToMillis } from '../../api/data/logical.ts';
import { logicalNames } from '../../api/data/logical-names.ts';
import type { Schema, SchemaType } from '../../api/data/schema.ts';
import { fromDouble, fromLong, withoutSchema } from '../../api/data/schemaless.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { decimalToLong, numberOf } from '../../api/data/values-numbers.ts';
import { convertToString } from '../../api/data/values.ts';
import { DataError } from '../../api/errors.ts';
import { doubleToInt, doubleToLong, narrow } from '../../foundation/java/casts.ts';
import { javaParseDouble, javaParseFloat, javaParseInteger } from '../../foundation/java/number-parse.ts';
import { type CastTarget, castTargets } from './cast-spec.ts';
import { schemalessType } from './schemaless-type.ts';

/** The value cast as Java would, in schemaless form; null stays null. Throws a DataError. */
export function castTo(schema: Schema | null, value: ConnectValue, target: CastTarget): ConnectValue {
  if (value === null) return null;
  requireCastable(schema === null ? schemalessType(value, 'Cast') : schema.type);
  const encoded = schema !== null && target !== 'STRING' ? encodeLogical(schema, value) : value;
  return casts[target](withoutSchema(encoded, schema));
}

export function requireCastable(type: SchemaType): void {
  if (type !== 'ARRAY' && type !== 'MAP' && type !== 'STRUCT') return;
  const supported = [...castTargets, 'BYTES'].join(', ');
  throw new DataError(
    `Cast transformation does not support casting from ${type}; supported types are [${supported}]`,
  );
}

/** Date, Time and Timestamp are cast by the number they are stored as. */
function encodeLogical(schema: Schema, value: ConnectValue): ConnectValue {
  if (!(value instanceof Instant)) return withoutLogical(schema, value);
  switch (schema.name) {
    case logicalNames.date:
      return dateToDays(schema, value);
    case logicalNames.time:
      return timeToMillis(schema, value);
    case logicalNames.timestamp:
      return timestampToMillis(schema, value);
    default:
      return value;
  }
}

const instantNames: ReadonlySet<string | null> = new Set([
  logicalNames.date,
  logicalNames.time,
  logicalNames.timestamp,
]);

/** What an earlier cast left under the name of a date is none: Java fails with a ClassCastException. */
function withoutLogical({ name }: Schema, value: ConnectValue): ConnectValue {
  if (instantNames.has(name))
    throw new DataError(
      `Cast transformation found a ${javaClassOf(value)} where its schema ${name} has a date`,
    );
  return value;
}

const casts: Readonly<Record<CastTarget, (value: ConnectValue) => ConnectValue>> = {
  INT8: (value) => new Int8(toInteger(value, 8)),
  INT16: (value) => new Int16(toInteger(value, 16)),
  INT32: (value) => new Int32(toInteger(value, 32)),
  INT64: (value) => fromLong(toLong(value)),
  FLOAT32: (value) => new Float32(Math.fround(toDouble(value, javaParseFloat))),
  FLOAT64: (value) => fromDouble(toDouble(value, javaParseDouble)),
  BOOLEAN: toBoolean,
  STRING: toText,
};

/** A double first becomes an int, which stops at the limits, and then loses its high bits. */
function toInteger(value: ConnectValue, bits: 8 | 16 | 32): number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return Number(parsed(javaParseInteger(value, bits), value));
  const number = required(value);
  if (number instanceof Decimal) return narrow(decimalToLong(number), bits);
  if (typeof number === 'bigint') return narrow(number, bits);
  return narrow(isFloating(value) ? BigInt(doubleToInt(number)) : BigInt(number), bits);
}

function toLong(value: ConnectValue): bigint {
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value === 'string') return parsed(javaParseInteger(value, 64), value);
  const number = required(value);
  if (number instanceof Decimal) return decimalToLong(number);
  return typeof number === 'bigint' ? number : doubleToLong(number);
}

function toDouble(value: ConnectValue, parse: (text: string) => number | null): number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return parsed(parse(value), value);
  const number = required(value);
  return number instanceof Decimal ? number.toNumber() : Number(number);
}

function toBoolean(value: ConnectValue): boolean {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? value.toLowerCase() === 'true' : toLong(value) !== 0n;
}

/** Instants print as ISO text of their kind, bytes as base64, everything else as in Java. */
function toText(value: ConnectValue): string | null {
  return value instanceof Instant || value instanceof Uint8Array
    ? convertToString(null, value)
    : javaString(value, null);
}

const isFloating = (value: ConnectValue): boolean => numericTypeOf(value, null)?.startsWith('FLOAT') === true;

function parsed<T>(number: T | null, text: string): T {
  if (number === null) throw new DataError(`Value (${text}) was out of range for requested data type`);
  return number;
}

function required(value: ConnectValue): number | bigint | Decimal {
  const number = numberOf(value);
  if (number === null)
    throw new DataError(`Unexpected type in Cast transformation: class ${javaClassOf(value)}`);
  return number;
}
