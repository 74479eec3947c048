import { ConnectError } from '../../api/errors.ts';
import type { Key, Table, WriteResult } from '../table.ts';
import { storedFormat } from './format.ts';
import { isKept, type Keep, type OffsetHistory } from './offset-history.ts';
import {
  type OffsetPage,
  pageAttributes,
  type PageId,
  pagePrefix,
  pageSortKey,
  positionsOf,
  readPage,
  sinkPartition,
  unclaimed,
} from './offset-page.ts';
import { offsetFenced, offsetsPk } from './offsets.ts';
import { claiming, holdsAll, isAsSeen, mayClaim, moved, storing } from './page-conditions.ts';
import type { StoredPosition } from './stored-position.ts';

export interface PageCommit {
  readonly epoch: number;
  readonly now: number;
  readonly keep?: Keep;
}

/**
 * The items with the offsets of sinks, up to 32 topic-partitions each, so that a run claims and commits with few writes.
 * Every condition is one of each partition by itself, as if it had an item of its own.
 */
export class OffsetPages {
  readonly #table: Table;
  readonly #history: OffsetHistory;
  constructor(table: Table, history: OffsetHistory) {
    this.#table = table;
    this.#history = history;
  }

  async list(connector: string): Promise<StoredPosition[]> {
    return (await this.#table.query(offsetsPk(connector), pagePrefix)).map(readPage).flatMap(positionsOf);
  }

  /**
   * Reads and claims partitions of a page for run `epoch`, all of them or none: from now on a commit of an older run to
   * one of them fails (Invariant 4). Throws FENCED when a later run has claimed one already.
   */
  async claim(
    connector: string,
    id: PageId,
    partitions: readonly number[],
    epoch: number,
  ): Promise<OffsetPage> {
    const result = await this.#table.update(
      keyOf(connector, id),
      { set: { ...claiming(id, partitions, epoch), format: storedFormat } },
      { if: mayClaim(partitions, epoch) },
    );
    if (result.applied) return readPage(result.item);
    throw refused(connector, id, partitions, { epoch, result });
  }

  /**
   * Stores positions of partitions that this run has claimed, null: none, all of them or none. Each must still be this
   * run's, and at the offset that `seen` tells (Invariants 3 and 4). Throws FENCED where one is not this run's any more.
   *
   * A write whose answer was lost is known by what it has stored: nobody else stores anything under this epoch. A write
   * token would be gone with the next commit of another task.
   */
  async commit(
    connector: string,
    seen: OffsetPage,
    changes: ReadonlyMap<number, bigint | null>,
    { epoch, now, keep }: PageCommit,
  ): Promise<OffsetPage> {
    const partitions = [...changes.keys()];
    const wanted = moved(seen, changes, epoch);
    const isRemembered = isKept(seen, now, keep);
    if (isRemembered) {
      const { storedAt } = seen;
      await this.#history.keep(connector, pageSortKey(seen), { storedAt, now }, pageAttributes(seen));
    }
    // A partition's first position is in no state that was kept: the next commit keeps it, whoever's it is.
    const hasFirst = partitions.some((partition) => (seen.slots.get(partition) ?? unclaimed).offset === null);
    const { set, remove } = storing(wanted);
    const result = await this.#table.update(
      keyOf(connector, seen),
      {
        set: {
          ...set,
          updatedAt: new Date(now).toISOString(),
          ...(isRemembered && !hasFirst ? { keptAt: seen.storedAt } : {}),
        },
        remove: hasFirst ? [...remove, 'keptAt'] : remove,
      },
      { if: isAsSeen(seen, partitions, epoch) },
    );
    if (result.item !== undefined) {
      const page = readPage(result.item);
      if (result.applied || holdsAll(page, wanted)) return page;
    }
    throw refused(connector, seen, partitions, { epoch, result });
  }
}

const keyOf = (connector: string, id: PageId): Key => ({ pk: offsetsPk(connector), sk: pageSortKey(id) });

interface Refusal {
  readonly epoch: number;
  readonly result: WriteResult;
}

function refused(
  connector: string,
  { topic }: PageId,
  partitions: readonly number[],
  { epoch, result: { item } }: Refusal,
): ConnectError {
  const slots = item === undefined ? new Map<number, never>() : readPage(item).slots;
  const ownerOf = (partition: number): number => (slots.get(partition) ?? unclaimed).epoch;
  const taken = partitions.find((partition) => ownerOf(partition) > epoch);
  if (taken !== undefined)
    return offsetFenced(connector, sinkPartition(topic, taken), epoch, item && ownerOf(taken));
  // Its own earlier write, whose answer was lost and which came late.
  return new ConnectError(
    `The offsets of topic ${topic} are not what run ${epoch} of connector ${connector} has seen`,
    { retriable: true },
  );
}
