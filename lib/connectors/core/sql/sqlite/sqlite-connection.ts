import { existsSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ConfigError, ConnectError, DataError, RetriableError } from '../../../../api/errors.ts';
import type { SqlColumn, TableColumn } from '../column.ts';
import type {
  CellReaders,
  ConnectOptions,
  SqlCell,
  SqlConnection,
  SqlCursor,
  SqlResult,
  SqlRow,
  TableFilter,
  TimestampKey,
} from '../connection.ts';
import { quoteIdentifier, type TableId } from '../table-id.ts';
import { epochMillis, nanosOfSecond, preciseTime, type PreciseTime } from '../time/timestamp-text.ts';
import { utc, type TimeZone } from '../time/time-zone.ts';
import { sqliteTimestampKey } from './sqlite-timestamps.ts';
import { sqliteColumn } from './sqlite-types.ts';

const cells: CellReaders = {
  boolean: (cell) => cell === 'true' || Number(cell) === 1,
  bytes: (cell) => (cell instanceof Uint8Array ? cell : new Uint8Array(Buffer.from(String(cell), 'utf8'))),
  timestamp: (cell, zone) => {
    if (typeof cell === 'bigint') return Number(cell);
    if (typeof cell === 'string') return epochMillis(cell, zone);
    throw new DataError('A timestamp must be text or an integer number of milliseconds');
  },
  nanos: (cell) =>
    typeof cell === 'bigint'
      ? Number(((cell % 1000n) + 1000n) % 1000n) * 1_000_000
      : nanosOfSecond(String(cell)),
};

/** `jdbc:sqlite:/path/to/file.db` or `sqlite:…`, opened read-only. Calls block while SQLite works. */
export class SqliteConnection implements SqlConnection {
  readonly cells: CellReaders = cells;
  readonly readsAhead = false;
  readonly #database: DatabaseSync;
  readonly #known = new Map<string, readonly SqlColumn[]>();

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  static async connect({ url }: ConnectOptions): Promise<SqliteConnection> {
    const path = url.replace(/^(jdbc:)?sqlite:/, '').split('?')[0] ?? '';
    if (!existsSync(path)) {
      throw new ConfigError(
        `connection.url names the SQLite database ${path || '(nothing)'}, which does not exist`,
        {
          hint: 'It should look like jdbc:sqlite:/path/to/file.db; a database in memory cannot be read by another process.',
        },
      );
    }
    const { DatabaseSync: Database } = await import('node:sqlite');
    try {
      return new SqliteConnection(new Database(path, { readOnly: true, timeout: 5000 }));
    } catch (error) {
      throw translate(error);
    }
  }

  placeholder(): string {
    return '?';
  }

  async query(sql: string, parameters: readonly SqlCell[] = []): Promise<SqlResult> {
    return this.#try(() => {
      const statement = this.#prepare(sql);
      const columns = this.#columnsOf(statement);
      return { columns, rows: statement.all(...parameters) as unknown as SqlRow[] };
    });
  }

  async cursor(sql: string): Promise<SqlCursor> {
    return this.#try(() => {
      const statement = this.#prepare(sql);
      const columns = this.#columnsOf(statement);
      const rows = statement.iterate() as unknown as Iterator<SqlRow>;
      return {
        next: async (count) => this.#try(() => ({ columns, rows: take(rows, count) })),
        close: async () => {
          rows.return?.();
        },
      };
    });
  }

  async now(): Promise<PreciseTime> {
    const { rows } = await this.query("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')");
    return preciseTime(String(rows[0]?.[0]), utc);
  }

  async tables({ types }: TableFilter): Promise<TableId[]> {
    const wanted = types.map((type) => type.toLowerCase());
    const { rows } = await this.query(
      "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    );
    return rows
      .filter(([, type]) => wanted.includes(String(type)))
      .map(([name]) => ({ catalog: null, schema: null, name: String(name) }));
  }

  async columns(table: TableId): Promise<TableColumn[]> {
    const { rows } = await this.query(`PRAGMA table_info(${quoteIdentifier(table.name)})`);
    return rows.map(([, name, type, isRequired, , primaryKey]) => {
      const column = sqliteColumn(String(name), String(type), Number(isRequired) === 0);
      // INTEGER PRIMARY KEY is another name for the rowid: never null, and counting up.
      const isRowId =
        Number(primaryKey) > 0 &&
        /^integer$/i.test(String(type)) &&
        rows.filter((row) => Number(row[5]) > 0).length === 1;
      return { ...column, nullable: column.nullable && !isRowId, autoIncrement: isRowId };
    });
  }

  async timestampKey(
    column: SqlColumn,
    zone: TimeZone,
    latest: () => Promise<SqlCell>,
  ): Promise<TimestampKey> {
    return sqliteTimestampKey(column, await latest(), zone);
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement;
  }

  #columnsOf(statement: StatementSync): readonly SqlColumn[] {
    const described = statement.columns();
    const signature = JSON.stringify(described);
    const known = this.#known.get(signature);
    if (known !== undefined) return known;
    const columns = described.map(({ name, type, table, column }) =>
      sqliteColumn(name, type, this.#mayBeNull(table, column)),
    );
    this.#known.set(signature, columns);
    return columns;
  }

  #mayBeNull(table: string | null, column: string | null): boolean {
    if (table === null || column === null) return true;
    const found = this.#database
      .prepare('SELECT "notnull", pk, upper(type) AS type FROM pragma_table_info(?) WHERE name = ?')
      .get(table, column);
    const isRowId = Number(found?.['pk']) === 1 && found?.['type'] === 'INTEGER';
    return !(Number(found?.['notnull']) === 1 || isRowId);
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw translate(error);
    }
  }
}

function take(rows: Iterator<SqlRow>, count: number): SqlRow[] {
  const taken: SqlRow[] = [];
  while (taken.length < count) {
    const { done, value } = rows.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}

function translate(thrown: unknown): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const { message, errcode } = thrown as Error & { errcode?: number };
  // SQLITE_BUSY and SQLITE_LOCKED: somebody is writing.
  if (errcode === 5 || errcode === 6) return new RetriableError(`SQLite: ${message}`, { cause: thrown });
  if (/no such table/.test(message))
    return new ConnectError(`SQLite: ${message}`, {
      code: 'NOT_FOUND',
      cause: thrown,
      hint: 'The table was dropped or renamed, or the query names one that is not there.',
    });
  if (/no such column|syntax error/.test(message)) {
    return new ConfigError(`SQLite: ${message}`, {
      cause: thrown,
      hint: 'Check incrementing.column.name, timestamp.column.name and query.',
    });
  }
  return new ConnectError(`SQLite: ${message}`, { cause: thrown });
}
