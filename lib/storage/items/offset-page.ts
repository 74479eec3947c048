import type { OffsetMap } from '../../api/record.ts';
import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { exactInteger } from '../../foundation/json/json-number.ts';
import type { Attribute, Item, Key } from '../table.ts';
import { numberOf, textOf } from './attributes.ts';
import { checkFormat } from './format.ts';
import type { StoredPosition } from './stored-position.ts';

/**
 * So many fit into the expressions of DynamoDB (page-conditions.ts) and, where the topic's name is not very long, into
 * one write unit of 1 KB.
 */
export const partitionsAPage = 32;

/** Consecutive partitions of one topic, from `first` on. */
export interface PageId {
  readonly topic: string;
  readonly first: number;
}

/** What a page says of one partition. */
export interface Slot {
  /** The run or alteration that may commit. */
  readonly epoch: number;
  /** The next record to read; null: nothing was ever committed, or it was deleted. */
  readonly offset: bigint | null;
  /** How often the offset went back: without it the offset alone would be its own version (Invariant 3, ADR 13). */
  readonly turns: number;
}

/** One item. Its partitions may belong to different tasks: nothing but times is about the page as a whole. */
export interface OffsetPage extends PageId {
  /** By number of the partition; those that somebody has claimed. */
  readonly slots: ReadonlyMap<number, Slot>;
  /** When something in it was last stored, milliseconds; 0: never. */
  readonly storedAt: number;
  /** The history holds the page as it was at this time or later; 0: it does not. */
  readonly keptAt: number;
}

export const unclaimed: Slot = { epoch: 0, offset: null, turns: 0 };

/** Sort keys of source partitions are hexadecimal digits. */
export const pagePrefix = 'topic#';
export const isPage = ({ sk }: Pick<Key, 'sk'>): boolean => sk.startsWith(pagePrefix);

export const pageOf = (topic: string, partition: number): PageId => ({
  topic,
  first: Math.floor(partition / partitionsAPage) * partitionsAPage,
});
export const pageSortKey = ({ topic, first }: PageId): string =>
  `${pagePrefix}${topic}#${String(first).padStart(6, '0')}`;

/** Conditions know top-level attributes only; their names are short, since 32 of each count for the size. */
export const epochOf = (partition: number): string => `e${partition}`;
export const offsetOf = (partition: number): string => `o${partition}`;
export const turnsOf = (partition: number): string => `b${partition}`;
const epochName = /^e(-?\d+)$/;

export function readPage(item: Item): OffsetPage {
  checkFormat(item);
  const slots = new Map<number, Slot>();
  for (const name of Object.keys(item)) {
    const match = epochName.exec(name);
    if (match === null) continue;
    const partition = Number(match[1]);
    const offset = item[offsetOf(partition)];
    slots.set(partition, {
      epoch: numberOf(item, name),
      offset: typeof offset === 'string' ? BigInt(offset) : null,
      turns: numberOf(item, turnsOf(partition)),
    });
  }
  return {
    ...pageOf(textOf(item, 'topic'), [...slots.keys()][0] ?? 0),
    slots,
    storedAt: typeof item['updatedAt'] === 'string' ? Date.parse(item['updatedAt']) : 0,
    keptAt: numberOf(item, 'keptAt'),
  };
}

/** What the history keeps of a page: all that `positionsOf` needs. */
export function pageAttributes({ topic, slots }: OffsetPage): Readonly<Record<string, Attribute>> {
  const attributes: Record<string, Attribute> = { topic };
  for (const [partition, { epoch, offset }] of slots) {
    attributes[epochOf(partition)] = epoch;
    if (offset !== null) attributes[offsetOf(partition)] = String(offset);
  }
  return attributes;
}

/** Offset partition of a topic-partition, as Connect's REST API shows it. */
export const sinkPartition = (topic: string, partition: number): OffsetMap => ({
  kafka_topic: topic,
  kafka_partition: partition,
});

export const positionsOf = ({ topic, slots, storedAt }: OffsetPage): StoredPosition[] =>
  [...slots]
    .toSorted(([a], [b]) => a - b)
    .map(([partition, { offset }]) => ({
      partition: sinkPartition(topic, partition),
      offset: offset === null ? null : { kafka_offset: exactInteger(String(offset)) as number | bigint },
      storedAt,
    }));

/** What the API shows as what it is about. */
export const sinkPosition = ({
  partition,
  offset,
}: Pick<StoredPosition, 'partition' | 'offset'>): readonly [TopicPartition, bigint | null] => [
  topicPartition(String(partition['kafka_topic']), Number(partition['kafka_partition'])),
  offset === null ? null : BigInt(offset['kafka_offset'] ?? 0),
];
