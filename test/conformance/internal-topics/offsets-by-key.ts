import { readOffsetKey } from '../../../lib/converters/offsets-topic.ts';
import type { KafkaRecord } from '../../../lib/kafka/ports.ts';
import type { TopicRecord } from './topic-recording.ts';

/** A record of ours in the form of the recordings. */
export const asRecorded = ({ offset, key, value }: KafkaRecord): TopicRecord => ({
  offset: Number(offset),
  key: key === null ? null : Buffer.from(key).toString(),
  value: value === null ? null : Buffer.from(value).toString(),
});

export const connectorOf = ({ key }: TopicRecord): string | undefined =>
  key === null ? undefined : readOffsetKey(Buffer.from(key))?.connector;

/** True when every key of the topic is one of an offset. */
export const isOffsetsTopic = (records: readonly TopicRecord[]): boolean =>
  records.every((record) => connectorOf(record) !== undefined);

/**
 * The transactions of a recorded partition, as the gaps behind their records tell: each marker takes an offset. Where
 * several end together their records cannot be told apart, and each is taken for a transaction of its own, as those of
 * tasks that write at the same time are.
 */
export function recordedTransactions(records: readonly TopicRecord[]): TopicRecord[][] {
  const transactions: TopicRecord[][] = [];
  let group: TopicRecord[] = [];
  for (const [i, record] of records.entries()) {
    group.push(record);
    const next = records[i + 1]?.offset ?? record.offset + 2;
    const markers = next - record.offset - 1;
    if (markers === 0) continue;
    if (markers === 1) transactions.push(group);
    else transactions.push(...group.map((each) => [each]));
    group = [];
  }
  return transactions;
}

/** What was written under each key, in order: tasks write at the same time, so that only this is sure. */
export function valuesByKey(records: readonly TopicRecord[]): Map<string, (string | null)[]> {
  const values = new Map<string, (string | null)[]>();
  for (const { key, value } of records) values.set(String(key), [...(values.get(String(key)) ?? []), value]);
  return values;
}

/** Null: the same. */
export function valuesDifference(
  where: string,
  wanted: ReadonlyMap<string, readonly (string | null)[]>,
  got: ReadonlyMap<string, readonly (string | null)[]>,
): string | null {
  for (const key of new Set([...wanted.keys(), ...got.keys()])) {
    const [a, b] = [wanted, got].map((values) => (values.get(key) ?? []).join(' '));
    if (a !== b) return `${where}, ${key}: should be ${a}\n  but is ${b}`;
  }
  return null;
}

/** Null: as many transactions, with the same records in each. */
export function transactionsDifference(
  where: string,
  wanted: readonly (readonly TopicRecord[])[],
  got: readonly (readonly TopicRecord[])[],
): string | null {
  const [a, b] = [wanted, got].map((transactions) =>
    transactions
      .map((records) =>
        records
          .map(({ key, value }) => `${key}=${value}`)
          .toSorted()
          .join(' + '),
      )
      .toSorted(),
  );
  const at = a?.findIndex((text, i) => text !== b?.[i]) ?? -1;
  if (at < 0 && a?.length === b?.length) return null;
  return `${where}: transactions should be ${a?.join(' | ')}\n  but are ${b?.join(' | ')}`;
}
