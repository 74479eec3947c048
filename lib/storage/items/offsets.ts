import { createHash } from 'node:crypto';
import { ConnectError } from '../../api/errors.ts';
import type { OffsetMap } from '../../api/record.ts';
import { parseExact } from '../../foundation/json/parse-exact.ts';
import { canonicalJson, stringifyExact } from '../../foundation/json/stringify-exact.ts';
import type { Attribute, Item, Key, Table } from '../table.ts';
import { numberOf, optionalText, textOf } from './attributes.ts';
import { checkFormat, storedFormat } from './format.ts';
import { OffsetHistory } from './offset-history.ts';

/** A committed position, and the number a commit must still find there. */
export interface StoredOffset {
  readonly partition: OffsetMap;
  /** Null: nothing was ever committed (or it was reset). */
  readonly offset: OffsetMap | null;
  readonly version: number;
  readonly epoch: number;
  /** When this position was stored, milliseconds since the epoch; 0: never. */
  readonly storedAt: number;
  /** When a position was last kept in the history. */
  readonly keptAt: number;
  /** Epoch of the run or alteration that stored `offset`; undefined: nobody, or a version that did not say. */
  readonly by?: number;
  /** Where the same offset lies in Kafka: only while its runs are exactly-once. */
  readonly log?: LogPlace;
  /** The offsets topic that may be ahead of this item while it is not clean. */
  readonly aheadIn?: string;
}

/** A record of an offsets topic. */
export interface LogPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

const pkOf = (connector: string): string => `offsets#${connector}`;

/** The same partition always has the same text, whatever the order of its keys. */
export const partitionId = (partition: OffsetMap): string => canonicalJson(partition);
export const offsetKey = (connector: string, partition: OffsetMap): Key => ({
  pk: pkOf(connector),
  sk: createHash('sha256').update(partitionId(partition)).digest('hex').slice(0, 32),
});

/** The OFFSET items: one a source partition or sink topic-partition. */
export class Offsets {
  readonly #table: Table;
  readonly history: OffsetHistory;
  constructor(table: Table) {
    this.#table = table;
    this.history = new OffsetHistory(table);
  }

  async list(connector: string): Promise<StoredOffset[]> {
    return (await this.#table.query(pkOf(connector))).map(readOffset);
  }

  /** Reads without claiming: for plans and displays, never for a run. */
  async peek(connector: string, partition: OffsetMap): Promise<OffsetMap | null> {
    const item = await this.#table.get(offsetKey(connector, partition));
    return item ? readOffset(item).offset : null;
  }

  /**
   * Reads and claims for run `epoch`: from now on a commit of an older run fails (Invariant 4). Throws FENCED
   * when a later run has claimed it already.
   */
  async claim(connector: string, partition: OffsetMap, epoch: number): Promise<StoredOffset> {
    const result = await this.#table.update(
      offsetKey(connector, partition),
      { set: { epoch, partition: stringifyExact(partition), format: storedFormat }, add: { version: 0 } },
      { if: { any: [{ absent: 'epoch' }, { atMost: ['epoch', epoch] }] } },
    );
    if (!result.applied) throw offsetFenced(connector, partition, epoch, result.item);
    return readOffset(result.item);
  }

  /**
   * Stores a position, or with null that there is none, only forward in versions and only under the epoch that claimed
   * it (Invariant 3). What it replaces is kept in the history, now and then or (`keep`) in any case.
   */
  async commit(
    connector: string,
    claimed: StoredOffset,
    offset: OffsetMap | null,
    commit: { epoch: number; now: number; token: string; keep?: boolean },
  ): Promise<StoredOffset> {
    const { epoch, now, token, keep = false } = commit;
    const id = offsetKey(connector, claimed.partition);
    const kept = await this.history.keepWhenDue(connector, id, claimed, { now, always: keep });
    const result = await this.#table.update(
      id,
      {
        set: {
          ...committedAttributes(claimed, offset, { epoch, now }),
          ...kept,
        },
        // From here on the table is what counts, not a record of an earlier, exactly-once run.
        remove: ['clean', 'log', 'aheadIn', ...(offset === null ? ['offset'] : [])],
      },
      { if: { all: [{ atMost: ['epoch', epoch] }, { equals: ['version', claimed.version] }] }, token },
    );
    if (!result.applied) throw offsetFenced(connector, claimed.partition, epoch, result.item);
    return readOffset(result.item);
  }
}

/** What every commit writes into the item, whoever decides whether it may. */
export const committedAttributes = (
  claimed: StoredOffset,
  offset: OffsetMap | null,
  { epoch, now }: { readonly epoch: number; readonly now: number },
): Readonly<Record<string, Attribute>> => ({
  ...(offset === null ? {} : { offset: stringifyExact(offset) }),
  epoch,
  by: epoch,
  version: claimed.version + 1,
  updatedAt: new Date(now).toISOString(),
});

export function offsetFenced(
  connector: string,
  partition: OffsetMap,
  epoch: number,
  item: Item | undefined,
): ConnectError {
  return new ConnectError(
    `Run ${epoch} of connector ${connector} no longer owns the offset of ${partitionId(partition)}: run ${item ? numberOf(item, 'epoch') : 'unknown'} does`,
    { code: 'FENCED' },
  );
}

export function readOffset(item: Item): StoredOffset {
  checkFormat(item);
  const offset = item['offset'];
  return {
    partition: parseExact(textOf(item, 'partition')) as OffsetMap,
    offset: typeof offset === 'string' ? (parseExact(offset) as OffsetMap) : null,
    version: numberOf(item, 'version'),
    epoch: numberOf(item, 'epoch'),
    ...(typeof item['by'] === 'number' ? { by: item['by'] } : {}),
    ...optionalText(item, 'aheadIn'),
    ...(item['log'] === undefined ? {} : { log: readPlace(item['log']) }),
    storedAt: typeof item['updatedAt'] === 'string' ? Date.parse(item['updatedAt']) : 0,
    keptAt: numberOf(item, 'keptAt'),
  };
}

function readPlace(stored: Attribute): LogPlace {
  const { topic, partition, offset } = stored as { topic: string; partition: number; offset: string };
  return { topic, partition, offset: BigInt(offset) };
}
