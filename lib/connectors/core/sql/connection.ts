import type { SqlColumn, TableColumn } from './column.ts';
import type { TableId } from './table-id.ts';
import type { PreciseTime } from './time/timestamp-text.ts';
import type { TimeZone } from './time/time-zone.ts';

/** A cell as the client gives it: PostgreSQL's text form, SQLite's storage classes. */
export type SqlCell = string | bigint | number | Uint8Array | null;
export type SqlRow = readonly SqlCell[];

export interface SqlResult {
  /** The same array as long as the result looks the same: whatever is compiled for it can be kept. */
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly SqlRow[];
}

/** Reads a result of any size piece by piece. */
export interface SqlCursor {
  /** At most `count` rows; fewer: that was the end. */
  next(count: number): Promise<SqlResult>;
  close(): Promise<void>;
}

export interface TableFilter {
  /** TABLE, VIEW, … as JDBC names them. */
  readonly types: readonly string[];
  /** SQL LIKE patterns; null: any. */
  readonly schemaPattern: string | null;
  readonly catalogPattern: string | null;
}

/** Cells whose form depends on the database. */
export interface CellReaders {
  readonly boolean: (cell: SqlCell) => boolean;
  readonly bytes: (cell: SqlCell) => Uint8Array;
  /** Milliseconds since the epoch. */
  readonly timestamp: (cell: SqlCell, zone: TimeZone) => number;
  /** Nanoseconds within the second. */
  readonly nanos: (cell: SqlCell) => number;
}

/** Between a timestamp column's cells, which are also what it is compared with, and offsets. */
export interface TimestampKey {
  toOffset(cell: SqlCell): PreciseTime;
  toCell(time: PreciseTime): SqlCell;
}

/**
 * One connection to a database. Failures are ConnectErrors: RetriableError when the database cannot be reached
 * (the connection is then useless), ConfigError for a wrong login or name.
 */
export interface SqlConnection {
  readonly cells: CellReaders;
  /** False where a query blocks the process: nothing is gained by asking early. */
  readonly readsAhead: boolean;
  placeholder(index: number): string;
  query(sql: string, parameters?: readonly SqlCell[]): Promise<SqlResult>;
  cursor(sql: string): Promise<SqlCursor>;
  /** The database's clock. */
  now(): Promise<PreciseTime>;
  tables(filter: TableFilter): Promise<TableId[]>;
  /** In the order of the table; empty: there is no such table. */
  columns(table: TableId): Promise<TableColumn[]>;
  /** How the timestamps of a column compare. `latest` asks for its latest value, null when there is none. */
  timestampKey(column: SqlColumn, zone: TimeZone, latest: () => Promise<SqlCell>): Promise<TimestampKey>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly url: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly isolation: string | null;
  /** Milliseconds left: no statement may run longer. */
  readonly remainingMs: number;
  /** Aborted: the connection is cut, and whatever is under way rejects with the reason. */
  readonly signal: AbortSignal;
}

export interface SqlDialect {
  readonly name: string;
  /** As in `dialect.name`: the class name of the Java connector's dialect. */
  readonly javaName: string;
  accepts(url: string): boolean;
  connect(options: ConnectOptions): Promise<SqlConnection>;
}
