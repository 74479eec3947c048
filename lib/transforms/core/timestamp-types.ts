import { Instant } from '../../api/data/instant.ts';
import { javaClassOf } from '../../api/data/java-class.ts';
import * as logical from '../../api/data/logical.ts';
import { logicalNames } from '../../api/data/logical-names.ts';
import {
  int64Schema,
  optionalInt64Schema,
  optionalStringSchema,
  type Schema,
  stringSchema,
} from '../../api/data/schema.ts';
import { fromLong } from '../../api/data/schemaless.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { ConnectError, DataError } from '../../api/errors.ts';
import { mod } from '../../foundation/java/calendar.ts';
import type { SimpleDateFormat } from '../../foundation/java/simple-date-format.ts';

export const timestampTypes = ['string', 'unix', 'Date', 'Time', 'Timestamp'] as const;
export type TimestampType = (typeof timestampTypes)[number];

/** How a schema's timestamps are represented. Throws a ConnectError for a schema that has none. */
export function timestampTypeOf(schema: Schema): TimestampType {
  switch (schema.name) {
    case logicalNames.timestamp:
      return 'Timestamp';
    case logicalNames.date:
      return 'Date';
    case logicalNames.time:
      return 'Time';
    default:
      if (schema.type === 'STRING') return 'string';
      if (schema.type === 'INT64') return 'unix';
      throw new ConnectError(
        `Schema ${schema.toString()} does not correspond to a known timestamp type format`,
      );
  }
}

/** Without a schema only a Long, text and an Instant are timestamps. */
export function inferTimestampType(value: ConnectValue): TimestampType {
  if (value instanceof Instant) return 'Timestamp';
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return 'unix';
  if (typeof value === 'string') return 'string';
  throw new DataError(
    `TimestampConverter does not support class ${javaClassOf(value)} objects as timestamps`,
  );
}

export function schemaOfType(type: TimestampType, optional: boolean): Schema {
  const [required, orNull] = typeSchemas[type];
  return optional ? orNull : required;
}

const typeSchemas: Readonly<Record<TimestampType, readonly [Schema, Schema]>> = {
  string: [stringSchema, optionalStringSchema],
  unix: [int64Schema, optionalInt64Schema],
  Date: [logical.dateSchema, logical.optionalDateSchema],
  Time: [logical.timeSchema, logical.optionalTimeSchema],
  Timestamp: [logical.timestampSchema, logical.optionalTimestampSchema],
};

/** How Connect's messages name what each representation is in. */
const expected: Readonly<Record<TimestampType, string>> = {
  string: 'string timestamp to be a String',
  unix: 'Unix timestamp to be a Long',
  Date: 'Date to be a java.util.Date',
  Time: 'Time to be a java.util.Date',
  Timestamp: 'Timestamp to be a java.util.Date',
};

const dayMs = 86_400_000;
const perMilli: Readonly<Record<string, bigint>> = { microseconds: 1000n, nanoseconds: 1_000_000n };

/** Between the representations and an Instant, by one format and one precision. */
export class TimestampTranslator {
  readonly #format: SimpleDateFormat | null;
  readonly #pattern: string;
  readonly #precision: string;

  constructor(format: SimpleDateFormat | null, pattern: string, precision: string) {
    this.#format = format;
    this.#pattern = pattern;
    this.#precision = precision;
  }

  /** Throws a DataError for text the format does not read. */
  toInstant(value: ConnectValue, type: TimestampType): Instant {
    if (type === 'string' && typeof value === 'string') return new Instant(this.#parse(value));
    if (type === 'unix' && (typeof value === 'bigint' || typeof value === 'number'))
      return instantOf(this.#toMillis(BigInt(value)));
    if (type !== 'string' && type !== 'unix' && value instanceof Instant) return value;
    throw new DataError(`Expected ${expected[type]}, but found class ${javaClassOf(value)}`);
  }

  fromInstant(
    instant: Instant,
    { target, schemaless }: { target: TimestampType; schemaless: boolean },
  ): ConnectValue {
    const millis = Number(instant.epochMillis);
    switch (target) {
      case 'string':
        return this.#required().format(millis);
      case 'unix': {
        const unix = this.#fromMillis(BigInt(instant.epochMillis));
        return schemaless ? fromLong(unix) : unix;
      }
      case 'Date':
        return new Instant(millis - mod(millis, dayMs));
      case 'Time':
        return new Instant(mod(millis, dayMs));
      default:
        return instant;
    }
  }

  #parse(text: string): number {
    const millis = this.#required().parse(text);
    if (millis === null)
      throw new DataError(
        `Could not parse timestamp: value (${text}) does not match pattern (${this.#pattern})`,
      );
    return millis;
  }

  #required(): SimpleDateFormat {
    if (this.#format !== null) return this.#format;
    throw new DataError('A timestamp that is text needs a format', {
      hint: 'Set `format` to a SimpleDateFormat pattern.',
    });
  }

  /** Units finer than a millisecond are cut toward zero; what does not fit 64 bits stops at the limit. */
  #toMillis(unix: bigint): bigint {
    return this.#precision === 'seconds' ? saturate(unix * 1000n) : unix / (perMilli[this.#precision] ?? 1n);
  }

  #fromMillis(millis: bigint): bigint {
    return this.#precision === 'seconds'
      ? millis / 1000n
      : saturate(millis * (perMilli[this.#precision] ?? 1n));
  }
}

const instantOf = (millis: bigint): Instant =>
  new Instant(Number.isSafeInteger(Number(millis)) ? Number(millis) : millis);

const maxLong = 2n ** 63n - 1n;

function saturate(value: bigint): bigint {
  if (value > maxLong) return maxLong;
  return value < -maxLong - 1n ? -maxLong - 1n : value;
}
