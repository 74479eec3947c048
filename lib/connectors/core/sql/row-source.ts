import type { Schema } from '../../../api/data/schema.ts';
import type { Struct } from '../../../api/data/struct.ts';
import type { SourceOffset, SourceRecord } from '../../../api/record.ts';
import type { SqlConnection } from './connection.ts';

/** Makes a record of a row; the offset is where reading goes on after it. */
export type ToRecord = (value: Struct, schema: Schema, offset: SourceOffset) => SourceRecord;

export interface Batch {
  readonly records: readonly SourceRecord[];
  /** True: this was the last batch of a pass over the table; what comes later is for the next pass. */
  readonly passEnded: boolean;
}

/** Reads one table or query in passes, each of which ends; a pass that fails is begun again where records ended. */
export interface RowSource {
  next(connection: SqlConnection): Promise<Batch>;
  /** The connection is gone, and with it whatever was asked for in advance. */
  reset(): void;
}
