import type { SqlColumn, SqlType } from '../column.ts';

/** From the declared type, by SQLite's own rules of affinity with the names of dates and booleans before them. */
const rules: readonly (readonly [RegExp, SqlType])[] = [
  [/^BOOL/, 'boolean'],
  [/^(DATETIME|TIMESTAMP)/, 'timestamp'],
  [/^DATE/, 'date'],
  [/^TIME/, 'time'],
  [/INT/, 'int64'],
  [/CHAR|CLOB|TEXT|JSON|UUID/, 'string'],
  [/BLOB/, 'bytes'],
  [/REAL|FLOA|DOUB/, 'float64'],
  [/DEC|NUM/, 'decimal'],
];

/** `declared`: null for an expression, whose values SQLite cannot tell the type of; they are read as text. */
export function sqliteColumn(name: string, declared: string | null, nullable: boolean): SqlColumn {
  const text = (declared ?? '').toUpperCase();
  const type = rules.find(([pattern]) => pattern.test(text))?.[1] ?? 'string';
  const [, precision, scale] = /\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)/.exec(text) ?? [];
  const isDeclared = type === 'decimal' && precision !== undefined;
  return {
    name,
    type,
    nullable,
    zoned: false,
    precision: isDeclared ? Number(precision) : null,
    scale: isDeclared ? Number(scale ?? 0) : null,
  };
}
