import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../lib/local/embedded-postgres.ts';
import { columnsOf, type ColumnType, type Row, type TableName } from './tables.ts';

/** The demo's database: a real PostgreSQL where one can start, else SQLite. */
export interface DemoDatabase extends AsyncDisposable {
  readonly name: string;
  /** For `connection.url`. */
  readonly url: string;
  create(table: TableName): Promise<void>;
  insert(table: TableName, rows: readonly Row[]): Promise<void>;
  /** Changes a column of the rows with the given ids, and their updated_at. */
  touch(table: TableName, column: string, value: string | number, ids: readonly number[]): Promise<void>;
  count(table: TableName): Promise<number>;
}

const chunkRows = 5_000;

export async function openPostgres(directory: string): Promise<DemoDatabase> {
  const server = await startEmbeddedPostgres({ directory });
  return connectPostgres(server.url, () => server.close());
}

/** A PostgreSQL that runs already. */
export async function connectPostgres(
  url: string,
  close: () => Promise<void> = async () => undefined,
): Promise<DemoDatabase> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const version =
    (await client.query<{ server_version: string }>('SHOW server_version')).rows[0]?.server_version ?? '';
  const types: Record<ColumnType, string> = {
    text: 'text',
    integer: 'integer',
    real: 'double precision',
    timestamp: 'timestamptz',
  };
  return {
    name: `PostgreSQL ${version}`,
    url,
    async create(table) {
      const columns = columnsOf(table).map(([name, type]) => `"${name}" ${types[type]}`);
      await client.query(
        `CREATE TABLE "${table}" (id bigserial PRIMARY KEY, ${columns.join(', ')}, updated_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
      );
      await client.query(`CREATE INDEX ON "${table}" (updated_at, id)`);
    },
    async insert(table, rows) {
      const columns = columnsOf(table);
      const names = columns.map(([name]) => `"${name}"`).join(', ');
      const arrays = columns.map(([, type], i) => `$${i + 1}::${types[type]}[]`).join(', ');
      for (let at = 0; at < rows.length; at += chunkRows) {
        const chunk = rows.slice(at, at + chunkRows);
        await client.query(
          `INSERT INTO "${table}" (${names}) SELECT * FROM unnest(${arrays})`,
          columns.map((_, i) => chunk.map((row) => row[i])),
        );
      }
    },
    async touch(table, column, value, ids) {
      await client.query(
        `UPDATE "${table}" SET "${column}" = $1, updated_at = clock_timestamp() WHERE id = ANY($2)`,
        [value, ids],
      );
    },
    async count(table) {
      return Number((await client.query<{ n: string }>(`SELECT count(*) AS n FROM "${table}"`)).rows[0]?.n);
    },
    async [Symbol.asyncDispose]() {
      await client.end();
      await close();
    },
  };
}

export async function openSqlite(directory: string): Promise<DemoDatabase> {
  const path = join(directory, 'nycflights13.sqlite');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL');
  const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`;
  return {
    name: 'SQLite',
    url: `jdbc:sqlite:${path}`,
    async create(table) {
      const columns = columnsOf(table).map(([name, type]) => `"${name}" ${type}`);
      database.exec(
        `CREATE TABLE "${table}" (id integer PRIMARY KEY, ${columns.join(', ')}, updated_at timestamp NOT NULL DEFAULT (${now}))`,
      );
    },
    async insert(table, rows) {
      const names = columnsOf(table).map(([name]) => `"${name}"`);
      const insert = database.prepare(
        `INSERT INTO "${table}" (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      );
      database.exec('BEGIN');
      for (const row of rows) insert.run(...row);
      database.exec('COMMIT');
    },
    async touch(table, column, value, ids) {
      const update = database.prepare(
        `UPDATE "${table}" SET "${column}" = ?, updated_at = ${now} WHERE id = ?`,
      );
      for (const id of ids) update.run(value, id);
    },
    async count(table) {
      return Number(database.prepare(`SELECT count(*) AS n FROM "${table}"`).get()?.['n']);
    },
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}
