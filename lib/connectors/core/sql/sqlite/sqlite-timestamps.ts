import { DataError } from '../../../../api/errors.ts';
import type { SqlColumn } from '../column.ts';
import type { SqlCell, TimestampKey } from '../connection.ts';
import {
  formatWallClock,
  preciseTime,
  type PreciseTime,
  type TimestampLayout,
} from '../time/timestamp-text.ts';
import { utc, type TimeZone } from '../time/time-zone.ts';

const layoutPattern = /^\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(Z?)$/;

/**
 * SQLite has no timestamps: a column holds texts, which compare letter by letter, or numbers (milliseconds since the
 * epoch, as its JDBC driver writes them). So all values of a key column must be written alike, and what they are
 * compared with must be written the same way: the latest value shows how.
 */
export function sqliteTimestampKey(column: SqlColumn, sample: SqlCell, zone: TimeZone): TimestampKey {
  if (typeof sample === 'bigint') {
    return { toOffset: (cell) => millis(cell, column), toCell: ({ ms }) => BigInt(ms) };
  }
  const layout = layoutOf(sample ?? '1970-01-01 00:00:00') ?? fail(column, sample);
  const own = layout.suffix === 'Z' ? utc : zone;
  return {
    toOffset: (cell) => {
      const found = layoutOf(cell);
      const isSame =
        found?.separator === layout.separator &&
        found.fractionDigits === layout.fractionDigits &&
        found.suffix === layout.suffix;
      return isSame ? preciseTime(String(cell), own) : fail(column, cell);
    },
    toCell: ({ ms, nanos }) => formatWallClock(own.toLocal(ms), nanos, layout),
  };
}

function millis(cell: SqlCell, column: SqlColumn): PreciseTime {
  if (typeof cell !== 'bigint') return fail(column, cell);
  const ms = Number(cell);
  return { ms, nanos: (((ms % 1000) + 1000) % 1000) * 1_000_000 };
}

function layoutOf(cell: SqlCell): TimestampLayout | undefined {
  if (typeof cell !== 'string') return undefined;
  const match = layoutPattern.exec(cell);
  if (match === null) return undefined;
  const [, separator, fraction = '', suffix = ''] = match;
  return { separator: separator === 'T' ? 'T' : ' ', fractionDigits: fraction.length, suffix };
}

function fail(column: SqlColumn, cell: SqlCell): never {
  throw new DataError(
    `Timestamp column ${column.name} holds ${typeof cell === 'string' ? `"${cell}"` : `a value of type ${typeof cell}`}, which does not compare with the others`,
    {
      hint: 'SQLite compares timestamps as text: write them all alike, such as 2024-02-29 12:34:56.789, or all as milliseconds since the epoch.',
    },
  );
}
