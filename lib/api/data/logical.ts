import { DataError } from '../errors.ts';
import { Decimal } from './decimal.ts';
import { Instant } from './instant.ts';
import { logicalNames } from './logical-names.ts';
import { SchemaBuilder } from './schema-builder.ts';
import type { Schema } from './schema.ts';

const scaleParameter = 'scale';
const dayMs = 86_400_000;

/** BYTES whose values are Decimals of exactly this scale. */
export const decimalBuilder = (scale: number): SchemaBuilder =>
  SchemaBuilder.bytes().name(logicalNames.decimal).parameter(scaleParameter, String(scale)).version(1);
/** INT32 days since the epoch; the value is an Instant at midnight UTC. */
export const dateBuilder = (): SchemaBuilder => SchemaBuilder.int32().name(logicalNames.date).version(1);
/** INT32 milliseconds of the day; the value is an Instant on 1970-01-01 UTC. */
export const timeBuilder = (): SchemaBuilder => SchemaBuilder.int32().name(logicalNames.time).version(1);
/** INT64 milliseconds since the epoch; the value is an Instant. */
export const timestampBuilder = (): SchemaBuilder =>
  SchemaBuilder.int64().name(logicalNames.timestamp).version(1);

export const decimalSchema = (scale: number): Schema => decimalBuilder(scale).build();
export const dateSchema: Schema = dateBuilder().build();
export const timeSchema: Schema = timeBuilder().build();
export const timestampSchema: Schema = timestampBuilder().build();
export const optionalDateSchema: Schema = dateBuilder().optional().build();
export const optionalTimeSchema: Schema = timeBuilder().optional().build();
export const optionalTimestampSchema: Schema = timestampBuilder().optional().build();

/** The scale of a Decimal schema. */
export function decimalScale(schema: Schema): number {
  const text = schema.parameters?.get(scaleParameter);
  if (text === undefined) throw new DataError('Invalid Decimal schema: scale parameter not found.');
  if (!/^[+-]?\d{1,10}$/.test(text)) throw new DataError('Invalid scale parameter found in Decimal schema: ');
  return Number(text);
}

/** Decimal → the bytes stored. The scale must be the schema's: 1.5 does not fit scale 2. */
export function decimalToBytes(schema: Schema, value: Decimal): Uint8Array {
  const scale = decimalScale(schema);
  if (value.scale !== scale) {
    throw new DataError(
      `Decimal value has mismatching scale for given Decimal schema. Schema has scale ${scale}, value has scale ${value.scale}.`,
    );
  }
  return value.toBytes();
}

export const decimalFromBytes = (schema: Schema, bytes: Uint8Array): Decimal =>
  Decimal.fromBytes(bytes, decimalScale(schema));

/** Instant → days since the epoch. */
export function dateToDays(schema: Schema, value: Instant): number {
  requireName(schema, logicalNames.date, 'Date');
  const { epochMillis } = value;
  // Java keeps a long here and narrows the days to an int; only dates five million years off notice.
  const millis = Number(epochMillis);
  if (millis % dayMs !== 0) {
    throw new DataError('Kafka Connect Date type should not have any time fields set to non-zero values.');
  }
  return Math.floor(millis / dayMs) | 0;
}

export function dateFromDays(schema: Schema, days: number): Instant {
  requireName(schema, logicalNames.date, 'Date');
  return instantOf(BigInt(days) * BigInt(dayMs));
}

/** Instant → milliseconds of the day. */
export function timeToMillis(schema: Schema, value: Instant): number {
  requireName(schema, logicalNames.time, 'Time');
  const millis = Number(value.epochMillis);
  if (millis < 0 || millis > dayMs) {
    throw new DataError('Kafka Connect Time type should not have any date fields set to non-zero values.');
  }
  return millis;
}

export function timeFromMillis(schema: Schema, millis: number): Instant {
  // "Date" is what Connect says here too.
  requireName(schema, logicalNames.time, 'Date');
  if (millis < 0 || millis > dayMs) {
    throw new DataError(`Time values must use number of milliseconds greater than 0 and less than ${dayMs}`);
  }
  return new Instant(millis);
}

/** Instant → milliseconds since the epoch. */
export function timestampToMillis(schema: Schema, value: Instant): bigint {
  requireName(schema, logicalNames.timestamp, 'Timestamp');
  return BigInt(value.epochMillis);
}

export function timestampFromMillis(schema: Schema, millis: bigint): Instant {
  requireName(schema, logicalNames.timestamp, 'Timestamp');
  return instantOf(millis);
}

/** Instant keeps a bigint only where a number would not be exact. */
function instantOf(millis: bigint): Instant {
  const number = Number(millis);
  return new Instant(Number.isSafeInteger(number) ? number : millis);
}

function requireName(schema: Schema, name: string, what: string): void {
  if (schema.name !== name)
    throw new DataError(`Requested conversion of ${what} object but the schema does not match.`);
}
