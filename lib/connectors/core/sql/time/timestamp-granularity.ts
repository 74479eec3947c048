import { Instant } from '../../../../api/data/instant.ts';
import { optionalTimestampSchema, timestampSchema } from '../../../../api/data/logical.ts';
import {
  int64Schema,
  optionalInt64Schema,
  optionalStringSchema,
  stringSchema,
  type Schema,
} from '../../../../api/data/schema.ts';
import type { ConnectValue } from '../../../../api/data/value.ts';
import type { TimeZone } from './time-zone.ts';
import { formatWallClock } from './timestamp-text.ts';

export const timestampGranularities = [
  'connect_logical',
  'micros_long',
  'micros_string',
  'micros_iso_datetime_string',
  'nanos_long',
  'nanos_string',
  'nanos_iso_datetime_string',
] as const;
export type TimestampGranularity = (typeof timestampGranularities)[number];

/** How a timestamp column appears in records. */
export interface TimestampForm {
  schema(optional: boolean): Schema;
  /** `nanos`: within the second; asked only by the forms that are finer than milliseconds. */
  value(ms: number, nanos: () => number): ConnectValue;
}

/** The values of `timestamp.granularity`. The ISO forms are wall-clock time in the database's zone. */
export function timestampForm(granularity: TimestampGranularity, zone: TimeZone): TimestampForm {
  const iso = (fractionDigits: number) => (ms: number, nanos: () => number) =>
    formatWallClock(zone.toLocal(ms), nanos(), { separator: 'T', fractionDigits, suffix: '' });
  switch (granularity) {
    case 'connect_logical':
      return {
        schema: (optional) => (optional ? optionalTimestampSchema : timestampSchema),
        value: (ms) => new Instant(ms),
      };
    case 'micros_long':
      return { schema: longs, value: (ms, nanos) => epochNanos(ms, nanos()) / 1000n };
    case 'micros_string':
      return { schema: strings, value: (ms, nanos) => String(epochNanos(ms, nanos()) / 1000n) };
    case 'micros_iso_datetime_string':
      return { schema: strings, value: iso(6) };
    case 'nanos_long':
      return { schema: longs, value: (ms, nanos) => epochNanos(ms, nanos()) };
    case 'nanos_string':
      return { schema: strings, value: (ms, nanos) => String(epochNanos(ms, nanos())) };
    case 'nanos_iso_datetime_string':
      return { schema: strings, value: iso(9) };
  }
}

const longs = (optional: boolean): Schema => (optional ? optionalInt64Schema : int64Schema);
const strings = (optional: boolean): Schema => (optional ? optionalStringSchema : stringSchema);

const epochNanos = (ms: number, nanos: number): bigint =>
  BigInt(Math.floor(ms / 1000)) * 1_000_000_000n + BigInt(nanos);
