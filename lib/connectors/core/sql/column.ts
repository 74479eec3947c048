export type SqlType =
  | 'boolean'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float32'
  | 'float64'
  | 'decimal'
  | 'string'
  | 'bytes'
  | 'date'
  | 'time'
  | 'timestamp';

/** A column of a result, as far as reading it needs to know. */
export interface SqlColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** Of a decimal; null where the column was declared without. */
  readonly precision: number | null;
  readonly scale: number | null;
  /** Of a timestamp: a point in time of its own, not wall-clock time in the database's zone. */
  readonly zoned: boolean;
}

/** A column of a table, as far as choosing keys needs to know. */
export interface TableColumn extends SqlColumn {
  /** Filled by the database with ascending numbers: identity, serial, rowid. */
  readonly autoIncrement: boolean;
}
