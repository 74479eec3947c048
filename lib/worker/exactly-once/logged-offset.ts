import type { OffsetMap } from '../../api/record.ts';
import { readOffsetKey, readOffsetValue, writeOffsetRecord } from '../../converters/offsets-topic.ts';
import { partitionForKey } from '../../kafka/partitioner.ts';
import type { KafkaRecord, ProduceRecord } from '../../kafka/ports.ts';
import { type LogPlace, partitionId, type StoredOffset } from '../../storage/items/offsets.ts';

/** The last committed record of a source partition on an offsets topic. */
export interface LoggedOffset {
  /** Null: a tombstone. */
  readonly offset: OffsetMap | null;
  /** Of the run that wrote it; undefined: not Sluice, such as a worker of Kafka Connect. */
  readonly epoch: number | undefined;
  readonly place: LogPlace;
}

/** Key and value are Connect's; a header more tells which run wrote it, which Connect does not look at. */
const epochHeader = 'sluice.epoch';

export interface LogTarget {
  readonly connector: string;
  readonly epoch: number;
  readonly topic: string;
  readonly partitions: number;
}

/** Throws a DataError for a partition or an offset Connect would not store. */
export function offsetRecord(
  { connector, epoch, topic, partitions }: LogTarget,
  partition: OffsetMap,
  offset: OffsetMap | null,
): ProduceRecord {
  const { key, value } = writeOffsetRecord(connector, partition, offset);
  return {
    topic,
    partition: partitionForKey(key, partitions),
    key,
    value,
    timestamp: null,
    headers: [{ key: epochHeader, value: Buffer.from(String(epoch)) }],
  };
}

/** Undefined: of another connector, or none of Connect's records. */
export function readLoggedOffset(
  connector: string,
  { key, value, offset, headers }: KafkaRecord,
  { topic, partition }: Pick<LogPlace, 'topic' | 'partition'>,
): { readonly id: string; readonly logged: LoggedOffset } | undefined {
  const read = readOffsetKey(key);
  if (read === null || read.connector !== connector) return undefined;
  const epoch = headers.find((header) => header.key === epochHeader)?.value;
  return {
    id: partitionId(read.partition as OffsetMap),
    logged: {
      offset: readOffsetValue(value) as OffsetMap | null,
      epoch: epoch === undefined || epoch === null ? undefined : Number(Buffer.from(epoch).toString()),
      place: { topic, partition, offset },
    },
  };
}

/**
 * Which of Kafka's records is ahead of the table; undefined: none, the table is right.
 *
 * - A table that never held an offset knows nothing: Kafka's record counts (a lost table, a move from Kafka Connect).
 * - A record of an earlier run than the one that wrote the table is a leftover: the connector has run at least once
 *   since, or its offsets were altered then.
 * - A record without an epoch is another program's. It counts where the table was following this very topic.
 */
export function aheadOfTable(stored: StoredOffset, found: readonly LoggedOffset[]): LoggedOffset | undefined {
  const [newest] = found.toSorted((a, b) => (b.epoch ?? -1) - (a.epoch ?? -1));
  if (newest === undefined || stored.version === 0) return newest;
  if (newest.epoch === undefined) return stored.log?.topic === newest.place.topic ? newest : undefined;
  return stored.by !== undefined && newest.epoch >= stored.by ? newest : undefined;
}
