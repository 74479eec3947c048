import { ConnectError } from '../../../api/errors.ts';
import type { SourceOffset } from '../../../api/record.ts';
import type { PreciseTime } from './time/timestamp-text.ts';

/** How far a table has been read: both null before the first row. */
export interface TablePosition {
  readonly timestamp: PreciseTime | null;
  readonly incrementing: bigint | null;
}

/**
 * `{incrementing: 42, timestamp: 1700000000123, timestamp_nanos: 123456000}`: milliseconds since the epoch, and the
 * nanoseconds within that second, as the Java connector stores a java.sql.Timestamp.
 */
export function encodePosition({ timestamp, incrementing }: TablePosition): SourceOffset {
  if (timestamp === null) return incrementing === null ? {} : { incrementing };
  const offset = { timestamp: timestamp.ms, timestamp_nanos: timestamp.nanos };
  return incrementing === null ? offset : { ...offset, incrementing };
}

/** Reads what the Java connector stored as well: versions before 3.0 have no nanoseconds. */
export function decodePosition(offset: SourceOffset | null): TablePosition {
  const incrementing = integer(offset, 'incrementing');
  const ms = integer(offset, 'timestamp');
  if (ms === null) return { timestamp: null, incrementing };
  const nanos = integer(offset, 'timestamp_nanos') ?? (((ms % 1000n) + 1000n) % 1000n) * 1_000_000n;
  return { timestamp: { ms: Number(ms), nanos: Number(nanos) }, incrementing };
}

function integer(offset: SourceOffset | null, key: string): bigint | null {
  const value = offset?.[key] ?? null;
  if (value === null) return null;
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return BigInt(value as bigint | number);
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value);
  throw new ConnectError(`The offset ${key} must be an integer, but it is ${JSON.stringify(value)}`, {
    code: 'BAD_REQUEST',
    hint: 'An offset of a table looks like {"incrementing": 42, "timestamp": 1700000000123, "timestamp_nanos": 123456000}.',
  });
}
