import { createHash } from 'node:crypto';
import { ConnectError, RetriableError } from '../../api/errors.ts';
import type { OffsetMap } from '../../api/record.ts';
import { parseExact } from '../../foundation/json/parse-exact.ts';
import { canonicalJson, stringifyExact } from '../../foundation/json/stringify-exact.ts';
import type { Attribute, Condition, Item, Key, Table } from '../table.ts';
import { numberOf, optionalText, textOf } from './attributes.ts';
import { checkFormat, storedFormat } from './format.ts';
import { isKept, type Keep, keptOffset, type OffsetHistory } from './offset-history.ts';
import { isPage } from './offset-page.ts';
import type { StoredPosition } from './stored-position.ts';

/** A committed position of a source partition, and the number a commit must still find there. */
export interface StoredOffset extends StoredPosition {
  readonly version: number;
  readonly epoch: number;
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

/** Items of a name that was a sink and is a source now, or the other way, lie side by side. */
export const offsetsPk = (connector: string): string => `offsets#${connector}`;

/** The same partition always has the same text, whatever the order of its keys. */
export const partitionId = (partition: OffsetMap): string => canonicalJson(partition);
export const offsetKey = (connector: string, partition: OffsetMap): Key => ({
  pk: offsetsPk(connector),
  sk: createHash('sha256').update(partitionId(partition)).digest('hex').slice(0, 32),
});

/** The OFFSET items: one a source partition. Those of sinks: `OffsetPages`. */
export class Offsets {
  readonly #table: Table;
  readonly #history: OffsetHistory;
  constructor(table: Table, history: OffsetHistory) {
    this.#table = table;
    this.#history = history;
  }

  async list(connector: string): Promise<StoredOffset[]> {
    const items = await this.#table.query(offsetsPk(connector));
    return items.filter((item) => !isPage(item)).map(readOffset);
  }

  /** For plans and displays, never for a run. */
  async peek(connector: string, partition: OffsetMap): Promise<OffsetMap | null> {
    return (await this.read(connector, partition)).offset;
  }

  /** Reads without claiming, for a run that no earlier one can get in the way of. */
  async read(connector: string, partition: OffsetMap): Promise<StoredOffset> {
    const item = await this.#table.get(offsetKey(connector, partition));
    return item
      ? readOffset(item)
      : { partition, offset: null, version: 0, epoch: 0, storedAt: 0, keptAt: 0 };
  }

  /**
   * Reads and claims for run `epoch`: from now on a commit of an older run fails (Invariant 4). Throws FENCED
   * when a later run has claimed it already.
   */
  async claim(connector: string, partition: OffsetMap, epoch: number): Promise<StoredOffset> {
    const result = await this.#table.update(
      offsetKey(connector, partition),
      { set: { epoch, partition: stringifyExact(partition), format: storedFormat }, add: { version: 0 } },
      { if: mayOwn(epoch) },
    );
    if (!result.applied) throw offsetFenced(connector, partition, epoch, ownerOf(result.item));
    return readOffset(result.item);
  }

  /**
   * Stores a position, or with null that there is none, only forward in versions and only while no later run has claimed
   * it (Invariant 3); from then on an older run's commit fails (Invariant 4). What it replaces is kept in the history, as
   * `keep` says.
   */
  async commit(
    connector: string,
    seen: StoredOffset,
    offset: OffsetMap | null,
    commit: { epoch: number; now: number; token: string; keep?: Keep },
  ): Promise<StoredOffset> {
    const { epoch, now, token, keep } = commit;
    const kept = await keepOffset(this.#history, connector, seen, { now, keep });
    const unchanged: Condition = { equals: ['version', seen.version] };
    const result = await this.#table.update(
      offsetKey(connector, seen.partition),
      {
        set: {
          ...committedAttributes(seen, offset, { epoch, now }),
          partition: stringifyExact(seen.partition),
          format: storedFormat,
          ...kept,
        },
        // From here on the table is what counts, not a record of an earlier, exactly-once run.
        remove: ['clean', 'log', 'aheadIn', ...(offset === null ? ['offset'] : [])],
      },
      {
        if: {
          all: [mayOwn(epoch), seen.version > 0 ? unchanged : { any: [{ absent: 'version' }, unchanged] }],
        },
        token,
      },
    );
    if (result.applied) return readOffset(result.item);
    const owner = ownerOf(result.item) ?? 0;
    throw owner > epoch
      ? offsetFenced(connector, seen.partition, epoch, owner)
      : offsetMoved(connector, seen.partition, epoch, owner);
  }
}

/** Nobody has claimed it, or no later run. */
export const mayOwn = (epoch: number): Condition => ({
  any: [{ absent: 'epoch' }, { atMost: ['epoch', epoch] }],
});

/** Keeps what is about to be replaced; answers the attributes that say so. */
export async function keepOffset(
  history: OffsetHistory,
  connector: string,
  replaced: StoredOffset,
  { now, keep }: { readonly now: number; readonly keep: Keep | undefined },
): Promise<{ readonly keptAt?: number }> {
  if (!isKept(replaced, now, keep)) return {};
  const { storedAt, partition } = replaced;
  await history.keep(connector, offsetKey(connector, partition).sk, { storedAt, now }, keptOffset(replaced));
  return { keptAt: now };
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

export const ownerOf = (item: Item | undefined): number | undefined => item && numberOf(item, 'epoch');

export function offsetFenced(
  connector: string,
  partition: OffsetMap,
  epoch: number,
  owner: number | undefined,
): ConnectError {
  return new ConnectError(
    `Run ${epoch} of connector ${connector} no longer owns the offset of ${partitionId(partition)}: run ${owner ?? 'unknown'} does`,
    { code: 'FENCED' },
  );
}

/** The run goes on from what it has read, and that is no longer what is stored: the next one begins at it. */
const offsetMoved = (connector: string, partition: OffsetMap, epoch: number, by: number): ConnectError =>
  new RetriableError(
    `The offset of ${partitionId(partition)} of connector ${connector} was stored by run ${by} after run ${epoch} had read it`,
  );

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
