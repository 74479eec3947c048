import type { SqlCell } from './connection.ts';

/** What identifies a row's place in the order of reading; a column the mode does not use is absent. */
export interface KeyColumns {
  /** Quoted; of several the first that is not null counts. */
  readonly timestamps: readonly string[];
  readonly incrementing: string | null;
}

/** A place in that order, in cells that can be compared with the columns. Null: no place yet. */
export interface KeyCells {
  readonly timestamp: SqlCell;
  readonly incrementing: SqlCell;
}

export interface KeysetSource {
  /** A quoted table name, or a query in parentheses with an alias. */
  readonly from: string;
  readonly keys: KeyColumns;
  /** Put behind the query, before the page is cut: `query.suffix`. */
  readonly suffix: string;
  readonly placeholder: (index: number) => string;
}

export interface SqlStatement {
  readonly sql: string;
  readonly parameters: readonly SqlCell[];
}

export interface PageBounds {
  /** Rows after this place … */
  readonly after: KeyCells;
  /** … and before this one: the timestamp exclusive, the incrementing value inclusive. */
  readonly until: KeyCells;
  readonly limit: number;
}

export const timestampExpression = ({ timestamps }: KeyColumns): string =>
  timestamps.length === 1 ? (timestamps[0] ?? '') : `COALESCE(${timestamps.join(', ')})`;

/** The next page in key order. Written so that an index on the key columns can be used. */
export function pageStatement(source: KeysetSource, { after, until, limit }: PageBounds): SqlStatement {
  const { bind, parameters } = binder(source);
  const timestamp = source.keys.timestamps.length > 0 ? timestampExpression(source.keys) : null;
  const { incrementing } = source.keys;
  const conditions: string[] = [];
  if (timestamp !== null) {
    if (after.timestamp !== null && (incrementing === null || after.incrementing === null)) {
      conditions.push(`${timestamp} > ${bind(after.timestamp)}`);
    } else if (after.timestamp !== null) {
      conditions.push(`${timestamp} >= ${bind(after.timestamp)}`);
      conditions.push(
        `(${timestamp} > ${bind(after.timestamp)} OR ${incrementing} > ${bind(after.incrementing)})`,
      );
    }
    conditions.push(`${timestamp} < ${bind(until.timestamp)}`);
  } else {
    if (after.incrementing !== null) conditions.push(`${incrementing} > ${bind(after.incrementing)}`);
    conditions.push(`${incrementing} <= ${bind(until.incrementing)}`);
  }
  const order = [timestamp, incrementing].filter((key) => key !== null).join(', ');
  return {
    sql: cut(source, `WHERE ${conditions.join(' AND ')} ORDER BY ${order}`, { order, limit }),
    parameters,
  };
}

/** All rows that share one timestamp. */
export function tieStatement(source: KeysetSource, timestamp: SqlCell): SqlStatement {
  const { bind, parameters } = binder(source);
  return {
    sql: `SELECT * FROM ${source.from} WHERE ${timestampExpression(source.keys)} = ${bind(timestamp)}`,
    parameters,
  };
}

/** The highest key there is, as one cell: null in an empty table. */
export function latestStatement(source: KeysetSource, key: string, below?: SqlCell): SqlStatement {
  const { bind, parameters } = binder(source);
  const where = below === undefined ? '' : ` WHERE ${key} < ${bind(below)}`;
  return { sql: `SELECT MAX(${key}) FROM ${source.from}${where}`, parameters };
}

/** A suffix may hold a LIMIT or a hint of its own, so it stays inside, and the page is cut around it. */
function cut(
  { from, suffix }: KeysetSource,
  tail: string,
  { order, limit }: { order: string; limit: number },
): string {
  if (suffix === '') return `SELECT * FROM ${from} ${tail} LIMIT ${limit}`;
  return `SELECT * FROM (SELECT * FROM ${from} ${tail} ${suffix}) page ORDER BY ${order} LIMIT ${limit}`;
}

function binder({ placeholder }: KeysetSource): { bind: (cell: SqlCell) => string; parameters: SqlCell[] } {
  const parameters: SqlCell[] = [];
  return { parameters, bind: (cell) => placeholder(parameters.push(cell)) };
}
