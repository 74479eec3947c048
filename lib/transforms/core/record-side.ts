import type { Schema } from '../../api/data/schema.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import type { ConnectRecord } from '../../api/record.ts';

/** Which part of a record a transformation works on: `…$Key` or `…$Value`. */
export type RecordSide = 'Key' | 'Value';

export interface SideContent {
  readonly schema: Schema | null;
  readonly value: ConnectValue;
}

export function readSide(record: ConnectRecord, side: RecordSide): SideContent {
  return side === 'Key'
    ? { schema: record.keySchema ?? null, value: record.key ?? null }
    : { schema: record.valueSchema ?? null, value: record.value ?? null };
}

export function writeSide<R extends ConnectRecord>(
  record: R,
  side: RecordSide,
  { schema, value }: SideContent,
): R {
  return side === 'Key'
    ? { ...record, keySchema: schema, key: value }
    : { ...record, valueSchema: schema, value };
}
