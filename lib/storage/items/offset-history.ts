import type { OffsetMap } from '../../api/record.ts';
import { parseExact } from '../../foundation/json/parse-exact.ts';
import { stringifyExact } from '../../foundation/json/stringify-exact.ts';
import type { Attribute, Item, Table } from '../table.ts';
import { numberOf, textOf } from './attributes.ts';
import { checkFormat, storedFormat } from './format.ts';
import { isPage, positionsOf, readPage } from './offset-page.ts';
import type { StoredPosition } from './stored-position.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** An item's commits cost one write more in this time, not one more each. */
const historyEveryMs = 10 * minuteMs;
/** How far back a rewind reaches. */
export const historyMs: number = 7 * dayMs;
/** An item outlives the reach by a day, so that the oldest moment within it has a position before it. */
const ttlMs = historyMs + dayMs;

/** Whether what a commit replaces is kept: when its time has come, in any case (alterations), or not this time. */
export type Keep = 'when due' | 'always' | 'never';

/** An item as it is before a commit. */
export interface Replaced {
  /** Milliseconds; 0: nothing was ever stored. */
  readonly storedAt: number;
  readonly keptAt: number;
}

export const isKept = ({ storedAt, keptAt }: Replaced, now: number, keep: Keep = 'when due'): boolean =>
  keep !== 'never' && storedAt > 0 && (keep === 'always' || now - keptAt >= historyEveryMs);

const pkOf = (connector: string): string => `history#${connector}`;

/**
 * Earlier states of the items that hold offsets: those of source partitions, and pages of topic-partitions. What is
 * kept is the state that a commit replaces, so each item is something that was stored, whatever becomes of that commit.
 */
export class OffsetHistory {
  readonly #table: Table;
  constructor(table: Table) {
    this.#table = table;
  }

  /** `sk` is that of the item, `attributes` what is to be read back of it. */
  async keep(
    connector: string,
    sk: string,
    { storedAt, now }: { readonly storedAt: number; readonly now: number },
    attributes: Readonly<Record<string, Attribute>>,
  ): Promise<void> {
    await this.#table.put({
      ...attributes,
      pk: pkOf(connector),
      sk: `${sk}#${new Date(storedAt).toISOString()}`,
      storedAt,
      ttl: Math.floor((now + ttlMs) / 1000),
      format: storedFormat,
    });
  }

  /** Of sources' and sinks' items alike: a name may have been both. */
  async list(connector: string): Promise<StoredPosition[]> {
    return (await this.#table.query(pkOf(connector))).flatMap(read);
  }
}

/** What is kept of a source partition. */
export const keptOffset = ({ partition, offset }: StoredPosition): Readonly<Record<string, string>> => ({
  partition: stringifyExact(partition),
  ...(offset === null ? {} : { offset: stringifyExact(offset) }),
});

function read(item: Item): StoredPosition[] {
  checkFormat(item);
  const storedAt = numberOf(item, 'storedAt');
  if (isPage(item)) return positionsOf({ ...readPage(item), storedAt });
  const offset = item['offset'];
  return [
    {
      partition: parseExact(textOf(item, 'partition')) as OffsetMap,
      offset: typeof offset === 'string' ? (parseExact(offset) as OffsetMap) : null,
      storedAt,
    },
  ];
}
