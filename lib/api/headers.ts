import type { Schema } from './data/schema.ts';
import type { ConnectValue } from './data/value.ts';

/** One record header. Order and duplicates matter; `schema` is null for a schemaless value. */
export interface Header {
  readonly key: string;
  readonly schema: Schema | null;
  readonly value: ConnectValue;
}

export type Headers = readonly Header[];

/** The one empty list, so that records without headers share it. */
export const noHeaders: Headers = [];

/** The last header with that key, as Kafka Connect's `lastWithName`. */
export const lastHeader = (headers: Headers, key: string): Header | undefined =>
  headers.findLast((h) => h.key === key);
