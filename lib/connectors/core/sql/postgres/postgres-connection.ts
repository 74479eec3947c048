import { defined } from '../../../../foundation/assert.ts';
import type { SqlColumn, TableColumn } from '../column.ts';
import type {
  CellReaders,
  SqlCell,
  SqlConnection,
  SqlCursor,
  SqlResult,
  TableFilter,
  TimestampKey,
} from '../connection.ts';
import { quotedName, type TableId } from '../table-id.ts';
import {
  epochMillis,
  formatWallClock,
  nanosOfSecond,
  preciseTime,
  type PreciseTime,
} from '../time/timestamp-text.ts';
import { utc, type TimeZone } from '../time/time-zone.ts';
import type { PostgresClient, PostgresResult } from './postgres-client.ts';
import { postgresColumn } from './postgres-types.ts';

/** PostgreSQL's own milliseconds for `infinity`, as the JDBC driver reports them. */
const infinities: ReadonlyMap<string, number> = new Map([
  ['infinity', 9_223_372_036_825_200_000],
  ['-infinity', -9_223_372_036_832_400_000],
]);

const cells: CellReaders = {
  boolean: (cell) => cell === 't',
  bytes: (cell) => new Uint8Array(Buffer.from(String(cell).slice(2), 'hex')),
  timestamp: (cell, zone) => infinities.get(cell as string) ?? epochMillis(cell as string, zone),
  nanos: (cell) => nanosOfSecond(cell as string),
};

/** The kinds of relation in pg_class, as JDBC names them. */
const relationKinds: Readonly<Record<string, string>> = {
  TABLE: 'r',
  'PARTITIONED TABLE': 'p',
  VIEW: 'v',
  'MATERIALIZED VIEW': 'm',
  'FOREIGN TABLE': 'f',
};

export class PostgresConnection implements SqlConnection {
  readonly cells: CellReaders = cells;
  readonly readsAhead = true;
  readonly #client: PostgresClient;
  /** Columns by what the result looked like, so that an unchanged result has the same columns. */
  readonly #known = new Map<string, readonly SqlColumn[]>();
  #cursors = 0;

  constructor(client: PostgresClient) {
    this.#client = client;
  }

  placeholder(index: number): string {
    return `$${index}`;
  }

  async query(sql: string, parameters: readonly SqlCell[] = []): Promise<SqlResult> {
    return this.#result(await this.#client.query(sql, parameters));
  }

  /** Inside a transaction of its own, so that all pieces show one moment. */
  async cursor(sql: string): Promise<SqlCursor> {
    const name = `sluice_${this.#cursors++}`;
    await this.#client.query('BEGIN');
    await this.#client.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`);
    return {
      next: async (count) => this.#result(await this.#client.query(`FETCH ${count} FROM ${name}`)),
      close: async () => {
        await this.#client.query('COMMIT');
      },
    };
  }

  async now(): Promise<PreciseTime> {
    const { rows } = await this.#client.query('SELECT clock_timestamp()');
    return preciseTime(String(rows[0]?.[0]), utc);
  }

  async tables({ types, schemaPattern, catalogPattern }: TableFilter): Promise<TableId[]> {
    const kinds = types.map((type) => relationKinds[type.toUpperCase()] ?? '').join('');
    const { rows } = await this.#client.query(
      `SELECT current_database(), n.nspname, c.relname FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE position(c.relkind::text IN $1) > 0 AND n.nspname !~ '^(pg_|information_schema$)'
         AND ($2::text IS NULL OR n.nspname LIKE $2) AND ($3::text IS NULL OR current_database() LIKE $3)
       ORDER BY 2, 3`,
      [kinds, schemaPattern, catalogPattern],
    );
    return rows.map(([catalog, schema, name]) => ({
      catalog: String(catalog),
      schema: String(schema),
      name: String(name),
    }));
  }

  async columns(table: TableId): Promise<TableColumn[]> {
    const { rows } = await this.#client.query(
      `SELECT a.attname, CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, a.atttypmod, a.attnotnull OR t.typnotnull,
         a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false)
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
      [quotedName({ ...table, catalog: null })],
    );
    return rows.map(([name, oid, modifier, isRequired, isGenerated]) => ({
      ...postgresColumn(String(name), Number(oid), Number(modifier), isRequired !== 't'),
      autoIncrement: isGenerated === 't',
    }));
  }

  /** Text compares as the column's own type; a zoned column sends its zone along. */
  async timestampKey({ zoned }: SqlColumn, zone: TimeZone): Promise<TimestampKey> {
    const layout = { separator: ' ', fractionDigits: 6, suffix: zoned ? '+00' : '' } as const;
    return {
      toOffset: (cell) => preciseTime(String(cell), zone),
      toCell: ({ ms, nanos }) => formatWallClock(zoned ? ms : zone.toLocal(ms), nanos, layout),
    };
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #result({ fields, rows }: PostgresResult): Promise<SqlResult> {
    const signature = fields
      .map((field) =>
        [field.name, field.tableID, field.columnID, field.dataTypeID, field.dataTypeModifier].join(),
      )
      .join('|');
    let columns = this.#known.get(signature);
    if (columns === undefined) {
      columns = await this.#describe(fields);
      this.#known.set(signature, columns);
    }
    return { columns, rows };
  }

  /** A result says which column of which table a field is; only the catalog says whether that may be null. */
  async #describe(fields: PostgresResult['fields']): Promise<SqlColumn[]> {
    const tables = [...new Set(fields.map((field) => field.tableID).filter((oid) => oid !== 0))];
    const { rows } = await this.#client.query(
      'SELECT attrelid, attnum FROM pg_catalog.pg_attribute WHERE attrelid = ANY(string_to_array($1, $2)::oid[]) AND attnotnull',
      [tables.join(), ','],
    );
    const required = new Set(rows.map(([table, column]) => `${String(table)}.${String(column)}`));
    return fields.map((field) =>
      postgresColumn(
        defined(field.name, 'column name'),
        field.dataTypeID,
        field.dataTypeModifier,
        !required.has(`${field.tableID}.${field.columnID}`),
      ),
    );
  }
}
