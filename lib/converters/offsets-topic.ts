import type { ConnectValue } from '../api/data/value.ts';
import { DataError } from '../api/errors.ts';
import { isPlainObject } from '../api/data/java-class.ts';
import { validateOffsetFormat } from '../api/offset-format.ts';
import { canonicalJson } from '../foundation/json/stringify-exact.ts';
import { jsonConverter } from './json-converter.ts';

/** A source partition or offset as it is stored: integers come back as Long, bytes as base64 text. */
export type StoredMap = Readonly<Record<string, ConnectValue>>;

/** What one source partition is at, as a record of Connect's offsets topic. */
export interface OffsetRecord {
  readonly key: Uint8Array;
  /** Null: the offset is deleted. */
  readonly value: Uint8Array | null;
}

const json = jsonConverter.create({ 'schemas.enable': 'false' }, false);

/** Throws a DataError for what Connect would not store. */
export function writeOffsetRecord(
  connector: string,
  partition: ConnectValue,
  offset: ConnectValue,
): OffsetRecord {
  validateOffsetFormat(partition);
  validateOffsetFormat(offset);
  const key = json.fromConnectData(connector, null, [connector, partition]);
  if (key === null) throw new DataError('The key of an offset has no bytes');
  return { key, value: json.fromConnectData(connector, null, offset) };
}

/** Throws a DataError for a value that is not JSON. */
export function readOffsetValue(value: Uint8Array | null): ConnectValue {
  return json.toConnectData('', value).value ?? null;
}

/** Connector and source partition of a record's key; null for a key Connect would not have written. */
export function readOffsetKey(key: Uint8Array | null): { connector: string; partition: StoredMap } | null {
  const parsed = parseKey(key);
  if (!Array.isArray(parsed) || parsed.length !== 2) return null;
  const [connector, partition] = parsed as unknown[];
  return typeof connector === 'string' && isPlainObject(partition) ? { connector, partition } : null;
}

function parseKey(key: Uint8Array | null): unknown {
  try {
    return json.toConnectData('', key).value;
  } catch (error) {
    if (error instanceof DataError) return null;
    throw error;
  }
}

/** The source partitions that have an offset, by connector, as the records of an offsets topic are read in order. */
export class StoredPartitions {
  readonly #connectors = new Map<string, Map<string, StoredMap>>();

  /** False when the key is not one of Connect's: the record is left aside. */
  apply({ key, value }: { readonly key: Uint8Array | null; readonly value: Uint8Array | null }): boolean {
    const read = readOffsetKey(key);
    if (read === null) return false;
    const partitions = this.#connectors.get(read.connector) ?? new Map<string, StoredMap>();
    this.#connectors.set(read.connector, partitions);
    const id = canonicalJson(read.partition);
    if (value === null) partitions.delete(id);
    else if (!partitions.has(id)) partitions.set(id, read.partition);
    return true;
  }

  /** A connector whose partitions were all deleted is there with none. */
  byConnector(): ReadonlyMap<string, readonly StoredMap[]> {
    return new Map([...this.#connectors].map(([name, partitions]) => [name, [...partitions.values()]]));
  }
}
