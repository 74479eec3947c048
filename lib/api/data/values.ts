import { javaDouble } from '../../foundation/java/number-format.ts';
import { narrow } from '../../foundation/java/casts.ts';
import type { SchemaAndValue } from '../converter.ts';
import { DataError } from '../errors.ts';
import { Decimal } from './decimal.ts';
import { Instant } from './instant.ts';
import { isPlainObject } from './java-class.ts';
import * as logical from './logical.ts';
import { logicalNames } from './logical-names.ts';
import type { Schema } from './schema.ts';
import { underSchema, withoutSchema } from './schemaless.ts';
import { isStruct } from './struct-brand.ts';
import type { Struct } from './struct.ts';
import type { ConnectValue } from './value.ts';
import { asDouble, asLong, numberOf, parseDecimal, unconvertible } from './values-numbers.ts';
import { parseText } from './values-parser.ts';
import { printValue } from './values-print.ts';

export { inferSchema } from './values-infer.ts';

/** Kafka Connect's Values: text as the value it looks like, with an inferred schema. What headers are read with. */
export function parseString(text: string): SchemaAndValue {
  const { schema, value } = parseText(text);
  return { schema, value: underSchema(value, schema) };
}

/** The inverse, as far as there is one. Null stays null. */
export const convertToString = (schema: Schema | null, value: ConnectValue): string | null =>
  value === null ? null : printValue(withoutSchema(value, schema), false);

export function convertToBoolean(schema: Schema | null, value: ConnectValue): boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  const parsed = typeof value === 'string' ? present(parseText(value).value, value) : value;
  return typeof parsed === 'boolean' ? parsed : long(schema, value) !== 0n;
}

export const convertToByte = (schema: Schema | null, value: ConnectValue): number | null =>
  value === null ? null : narrow(long(schema, value), 8);
export const convertToShort = (schema: Schema | null, value: ConnectValue): number | null =>
  value === null ? null : narrow(long(schema, value), 16);
export const convertToInteger = (schema: Schema | null, value: ConnectValue): number | null =>
  value === null ? null : narrow(long(schema, value), 32);
export const convertToLong = (schema: Schema | null, value: ConnectValue): bigint | null =>
  value === null ? null : long(schema, value);
export const convertToFloat = (schema: Schema | null, value: ConnectValue): number | null =>
  value === null ? null : Math.fround(asDouble(withoutSchema(value, schema), schema));
export const convertToDouble = (schema: Schema | null, value: ConnectValue): number | null =>
  value === null ? null : asDouble(withoutSchema(value, schema), schema);

/** Elements are without a schema. */
export function convertToList(schema: Schema | null, value: ConnectValue): readonly ConnectValue[] {
  const list = parsedIfText(withoutSchema(required(value), schema));
  if (Array.isArray(list)) return list as readonly ConnectValue[];
  throw unconvertible(list, 'Schema{ARRAY}');
}

export function convertToMap(schema: Schema | null, value: ConnectValue): ConnectValue {
  const map = parsedIfText(withoutSchema(required(value), schema));
  if (map instanceof Map || isPlainObject(map)) return map;
  throw unconvertible(map, 'Schema{MAP}');
}

export function convertToStruct(schema: Schema | null, value: ConnectValue): Struct {
  const given = withoutSchema(required(value), schema);
  if (isStruct(given)) return given;
  throw unconvertible(given, 'Schema{STRUCT}');
}

const dayMs = 86_400_000n;

export function convertToDate(schema: Schema | null, value: ConnectValue): Instant {
  const parsed = parsedIfText(required(value));
  if (parsed instanceof Instant) {
    if (schema === null || schema.name === logicalNames.date) return parsed;
    if (schema.name === logicalNames.timestamp) {
      return logical.dateFromDays(logical.dateSchema, narrow(BigInt(parsed.epochMillis) / dayMs, 32));
    }
  }
  return logical.dateFromDays(logical.dateSchema, narrow(long(schema, parsed), 32));
}

export function convertToTime(schema: Schema | null, value: ConnectValue): Instant {
  const parsed = parsedIfText(required(value));
  if (parsed instanceof Instant) {
    if (schema === null || schema.name === logicalNames.time) return parsed;
    if (schema.name === logicalNames.timestamp) {
      const millis = BigInt(parsed.epochMillis);
      return new Instant(Number(((millis % dayMs) + dayMs) % dayMs));
    }
  }
  return logical.timeFromMillis(logical.timeSchema, narrow(long(schema, parsed), 32));
}

export function convertToTimestamp(schema: Schema | null, value: ConnectValue): Instant {
  const parsed = parsedIfText(required(value));
  if (parsed instanceof Instant) {
    if (schema === null || schema.name === logicalNames.timestamp) return parsed;
    if (schema.name === logicalNames.date) {
      return logical.timestampFromMillis(
        logical.timestampSchema,
        BigInt(logical.dateToDays(schema, parsed)) * dayMs,
      );
    }
  }
  return logical.timestampFromMillis(logical.timestampSchema, long(schema, parsed));
}

/** Other numbers go through a double, as in Connect: 300 becomes 300.0. Only bytes are read with `scale`. */
export function convertToDecimal(schema: Schema | null, value: ConnectValue, scale: number): Decimal {
  const given = withoutSchema(required(value), schema);
  if (given instanceof Uint8Array) return Decimal.fromBytes(given, scale);
  if (given instanceof Decimal) return given;
  if (typeof given !== 'string' && numberOf(given) === null)
    throw unconvertible(given, logical.decimalSchema(scale).toString());
  const text = typeof given === 'string' ? given : javaDouble(asDouble(given, null));
  const decimal = parseDecimal(text);
  if (decimal === null) throw new DataError(`"${text}" is not a decimal number`);
  return decimal;
}

const long = (schema: Schema | null, value: ConnectValue): bigint =>
  asLong(withoutSchema(value, schema), schema);

function parsedIfText(value: ConnectValue): ConnectValue {
  return typeof value === 'string' ? present(parseText(value).value, value) : value;
}

function present(value: ConnectValue, text: string): ConnectValue {
  if (value === null) throw new DataError(`The text ${text} is a null value`);
  return value;
}

function required(value: ConnectValue): ConnectValue {
  if (value === null) throw new DataError('Unable to convert a null value to a schema that requires a value');
  return value;
}
