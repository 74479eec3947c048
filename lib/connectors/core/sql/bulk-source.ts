import type { SqlColumn } from './column.ts';
import type { SqlConnection, SqlCursor } from './connection.ts';
import { compileRowReader, type RowMapping, type RowReader } from './row-reader.ts';
import type { Batch, RowSource, ToRecord } from './row-source.ts';

export interface BulkOptions {
  readonly sql: string;
  readonly schemaName: string | null;
  readonly batchRows: number;
  readonly mapping: RowMapping;
  readonly toRecord: ToRecord;
}

/** Everything there is, each pass from the beginning. Rows have no place to resume from, so offsets say nothing. */
export class BulkSource implements RowSource {
  readonly #options: BulkOptions;
  #cursor: SqlCursor | undefined;
  #compiled: { readonly columns: readonly SqlColumn[]; readonly reader: RowReader } | undefined;

  constructor(options: BulkOptions) {
    this.#options = options;
  }

  async next(connection: SqlConnection): Promise<Batch> {
    const { sql, schemaName, batchRows, mapping, toRecord } = this.#options;
    this.#cursor ??= await connection.cursor(sql);
    const { columns, rows } = await this.#cursor.next(batchRows);
    if (this.#compiled?.columns !== columns) {
      this.#compiled = { columns, reader: compileRowReader(schemaName, columns, connection.cells, mapping) };
    }
    const { reader } = this.#compiled;
    const records = rows.map((row) => toRecord(reader.read(row), reader.schema, {}));
    const passEnded = rows.length < batchRows;
    if (passEnded) {
      const cursor = this.#cursor;
      this.#cursor = undefined;
      await cursor.close();
    }
    return { records, passEnded };
  }

  reset(): void {
    this.#cursor = undefined;
  }
}
