import type { SourceOffset, SourceRecord } from '../../../api/record.ts';
import type { SqlColumn } from './column.ts';
import type { SqlConnection, SqlRow } from './connection.ts';
import { KeyPlan, type KeyPlanOptions } from './key-plan.ts';
import { pageStatement, tieStatement, type KeyCells } from './keyset-query.ts';
import { encodePosition, type TablePosition } from './offset-codec.ts';
import { compileRowReader, type RowMapping, type RowReader } from './row-reader.ts';
import type { Batch, RowSource, ToRecord } from './row-source.ts';

export interface KeysetOptions extends KeyPlanOptions {
  /** How far the table was read before. */
  readonly position: TablePosition;
  /** Where a table that was never read starts: milliseconds, -1 for its latest row; null for its first. */
  readonly initialMs: number | null;
  /** Rows younger than this are left for later, because older ones may still be uncommitted. */
  readonly delayMs: number;
  readonly batchRows: number;
  readonly schemaName: string | null;
  readonly mapping: RowMapping;
  readonly toRecord: ToRecord;
}

interface Page {
  readonly records: readonly SourceRecord[];
  readonly after: KeyCells;
  readonly isLast: boolean;
}

interface Compiled {
  readonly columns: readonly SqlColumn[];
  readonly reader: RowReader;
  readonly keys: (row: SqlRow) => KeyCells;
  /** Where rows have keys of their own. */
  readonly offsets: (row: SqlRow) => SourceOffset;
}

/**
 * Reads rows in the order of their keys, page by page: one statement a page, each going on behind the last row of
 * the one before, so no transaction stays open and every row is a place to resume from. A pass ends where the table
 * ended when it began. While records are on their way the next page is asked for, and no more than that one.
 */
export class KeysetRows implements RowSource {
  readonly #options: KeysetOptions;
  #plan: KeyPlan | undefined;
  #compiled: Compiled | undefined;
  #after: KeyCells | undefined;
  #until: KeyCells | undefined;
  #ahead: Promise<Page> | undefined;
  /** Of a page larger than a batch: rows that share one timestamp stay together. */
  #rest: Page | undefined;

  constructor(options: KeysetOptions) {
    this.#options = options;
  }

  async next(connection: SqlConnection): Promise<Batch> {
    if (this.#rest !== undefined) return this.#deal(this.#rest);
    const { position, initialMs, delayMs } = this.#options;
    const plan = (this.#plan ??= await KeyPlan.make(connection, this.#options));
    const after = (this.#after ??= await plan.start(position, initialMs, delayMs));
    const until = (this.#until ??= (await plan.end(delayMs)) ?? undefined);
    if (until === undefined) return { records: [], passEnded: true };
    const ahead = this.#ahead ?? this.#page(connection, plan, { after, until });
    this.#ahead = undefined;
    const page = await ahead;
    this.#after = page.after;
    if (page.isLast) this.#until = undefined;
    else if (connection.readsAhead)
      this.#askAhead(this.#page(connection, plan, { after: page.after, until }));
    return this.#deal(page);
  }

  reset(): void {
    this.#plan = undefined;
    this.#until = undefined;
    this.#ahead = undefined;
  }

  #askAhead(page: Promise<Page>): void {
    this.#ahead = page;
    // Its failure is met by the next call, which awaits it; until then it must not count as unhandled.
    page.catch(() => undefined);
  }

  #deal({ records, after, isLast }: Page): Batch {
    const { batchRows } = this.#options;
    const isWhole = records.length <= batchRows;
    this.#rest = isWhole ? undefined : { records: records.slice(batchRows), after, isLast };
    return { records: isWhole ? records : records.slice(0, batchRows), passEnded: isWhole && isLast };
  }

  async #page(
    connection: SqlConnection,
    plan: KeyPlan,
    { after, until }: { after: KeyCells; until: KeyCells },
  ): Promise<Page> {
    const limit = this.#options.batchRows;
    const { sql, parameters } = pageStatement(plan.source, { after, until, limit });
    const { columns, rows } = await connection.query(sql, parameters);
    const compiled = this.#compile(connection, plan, columns);
    const isLast = rows.length < limit;
    if (!plan.hasTies) return { ...this.#unique(compiled, { rows, after }), isLast };
    if (isLast) return { ...this.#tied(plan, compiled, { rows, after }), isLast };
    return {
      ...this.#tied(plan, compiled, {
        rows: await this.#wholeTies(connection, plan, { rows, compiled }),
        after,
      }),
      isLast,
    };
  }

  /**
   * The last timestamp of a full page may go on behind it: leave its rows for the next page, or, when the page holds
   * no other, fetch all rows of that one timestamp.
   */
  async #wholeTies(
    connection: SqlConnection,
    plan: KeyPlan,
    { rows, compiled }: { rows: readonly SqlRow[]; compiled: Compiled },
  ): Promise<readonly SqlRow[]> {
    const timestampAt = (index: number) => compiled.keys(rows[index] ?? []).timestamp;
    const last = timestampAt(rows.length - 1);
    let cut = rows.length - 1;
    while (cut > 0 && timestampAt(cut - 1) === last) cut--;
    if (cut > 0) return rows.slice(0, cut);
    const { sql, parameters } = tieStatement(plan.source, last);
    return (await connection.query(sql, parameters)).rows;
  }

  /** Every row has keys of its own, and they are its offset. */
  #unique(
    { reader, keys, offsets }: Compiled,
    { rows, after }: { rows: readonly SqlRow[]; after: KeyCells },
  ): Omit<Page, 'isLast'> {
    const { toRecord } = this.#options;
    const records = rows.map((row) => toRecord(reader.read(row), reader.schema, offsets(row)));
    const last = rows.at(-1);
    return { records, after: last === undefined ? after : keys(last) };
  }

  /** Rows that share a timestamp: only the last of them may say in its offset that the timestamp is done with. */
  #tied(
    plan: KeyPlan,
    { reader, keys }: Compiled,
    { rows, after }: { rows: readonly SqlRow[]; after: KeyCells },
  ): Omit<Page, 'isLast'> {
    const places = rows.map(keys);
    let done = after;
    let offset: SourceOffset = encodePosition(plan.positionOf(after));
    const records = rows.map((row, i) => {
      const place = places[i] ?? done;
      if (places[i + 1]?.timestamp !== place.timestamp) {
        done = place;
        offset = encodePosition(plan.positionOf(place));
      }
      return this.#options.toRecord(reader.read(row), reader.schema, offset);
    });
    return { records, after: done };
  }

  #compile(connection: SqlConnection, plan: KeyPlan, columns: readonly SqlColumn[]): Compiled {
    if (this.#compiled?.columns === columns) return this.#compiled;
    const { schemaName, mapping } = this.#options;
    this.#compiled = {
      columns,
      reader: compileRowReader(schemaName, columns, connection.cells, mapping),
      keys: plan.keysOf(columns),
      offsets: plan.offsetsOf(columns),
    };
    return this.#compiled;
  }
}
