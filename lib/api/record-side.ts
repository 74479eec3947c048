import type { ConnectRecord } from './record.ts';
import type { RecordSide, SideContent } from './transform.ts';

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
