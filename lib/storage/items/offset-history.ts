import type { OffsetMap } from '../../api/record.ts';
import { parseExact } from '../../foundation/json/parse-exact.ts';
import { stringifyExact } from '../../foundation/json/stringify-exact.ts';
import type { Item, Key, Table } from '../table.ts';
import { numberOf, textOf } from './attributes.ts';
import { checkFormat, storedFormat } from './format.ts';

/** A position, and since when it held. Null: the partition had none. */
export interface KeptOffset {
  readonly partition: OffsetMap;
  readonly offset: OffsetMap | null;
  readonly storedAt: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** A partition's commits cost one write more in this time, not one more each. */
const historyEveryMs = 10 * minuteMs;
/** How far back a rewind reaches. */
export const historyMs: number = 7 * dayMs;
/** An item outlives the reach by a day, so that the oldest moment within it has a position before it. */
const ttlMs = historyMs + dayMs;

const pkOf = (connector: string): string => `history#${connector}`;

/**
 * Earlier positions of each offset partition. What is kept is the position that a commit replaces, so each item is
 * something that was stored, whatever becomes of that commit.
 */
export class OffsetHistory {
  readonly #table: Table;
  constructor(table: Table) {
    this.#table = table;
  }

  /** Keeps what is about to be replaced where it is time to, or in any case; answers the attributes that say so. */
  async keepWhenDue(
    connector: string,
    { sk }: Key,
    replaced: KeptOffset & { readonly keptAt: number },
    { now, always = false }: { readonly now: number; readonly always?: boolean },
  ): Promise<{ readonly keptAt?: number }> {
    const isDue = replaced.storedAt > 0 && (always || now - replaced.keptAt >= historyEveryMs);
    if (!isDue) return {};
    await this.#keep(connector, sk, replaced, now);
    return { keptAt: now };
  }

  async #keep(connector: string, partitionKey: string, kept: KeptOffset, now: number): Promise<void> {
    const since = new Date(kept.storedAt).toISOString();
    await this.#table.put({
      pk: pkOf(connector),
      sk: `${partitionKey}#${since}`,
      partition: stringifyExact(kept.partition),
      ...(kept.offset === null ? {} : { offset: stringifyExact(kept.offset) }),
      storedAt: kept.storedAt,
      ttl: Math.floor((now + ttlMs) / 1000),
      format: storedFormat,
    });
  }

  async list(connector: string): Promise<KeptOffset[]> {
    return (await this.#table.query(pkOf(connector))).map(read);
  }
}

function read(item: Item): KeptOffset {
  checkFormat(item);
  const offset = item['offset'];
  return {
    partition: parseExact(textOf(item, 'partition')) as OffsetMap,
    offset: typeof offset === 'string' ? (parseExact(offset) as OffsetMap) : null,
    storedAt: numberOf(item, 'storedAt'),
  };
}
