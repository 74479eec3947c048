import type { SqlColumn, SqlType } from '../column.ts';

const zonedTimestamp = 1184;

const byOid: ReadonlyMap<number, SqlType> = new Map<number, SqlType>([
  [16, 'boolean'],
  [17, 'bytes'],
  [20, 'int64'],
  [21, 'int16'],
  [23, 'int32'],
  [26, 'int64'], // oid
  [700, 'float32'],
  [701, 'float64'],
  [1082, 'date'],
  [1083, 'time'],
  [1114, 'timestamp'],
  [zonedTimestamp, 'timestamp'],
  [1266, 'time'], // with time zone
  [1700, 'decimal'],
]);

/**
 * A column by its type's OID and modifier. What Connect has no type for (json, uuid, enums, arrays, intervals, inet …)
 * is its text form; the Java connector leaves most of those columns out.
 */
export function postgresColumn(name: string, oid: number, modifier: number, nullable: boolean): SqlColumn {
  const type = byOid.get(oid) ?? 'string';
  // NUMERIC(p, s) packs both into its modifier; the scale is an 11-bit two's complement number since PostgreSQL 15.
  const isDeclared = type === 'decimal' && modifier >= 4;
  const packed = modifier - 4;
  return {
    name,
    type,
    nullable,
    precision: isDeclared ? (packed >> 16) & 0xffff : null,
    zoned: oid === zonedTimestamp,
    scale: isDeclared ? ((packed & 0x7ff) ^ 0x400) - 0x400 : null,
  };
}
