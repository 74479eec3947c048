import type { OffsetMap } from '../../api/record.ts';
import { stringifyExact } from '../../foundation/json/stringify-exact.ts';
import type { Condition, Table } from '../table.ts';
import { storedFormat } from './format.ts';
import type { Keep, OffsetHistory } from './offset-history.ts';
import {
  committedAttributes,
  keepOffset,
  type LogPlace,
  mayOwn,
  offsetFenced,
  offsetKey,
  ownerOf,
  readOffset,
  type StoredOffset,
} from './offsets.ts';

export interface LoggedClaim {
  readonly stored: StoredOffset;
  /** The run before released it in order: what the table says is what Kafka says. */
  readonly wasClean: boolean;
}

export interface LoggedCommit {
  readonly epoch: number;
  readonly now: number;
  readonly token: string;
  readonly log: LogPlace;
  /** The offsets topic of the run. */
  readonly topic: string;
  /** True only as the last write of a run that ends in order. */
  readonly clean: boolean;
  /** Whether what it replaces is kept in the history. */
  readonly keep?: Keep;
}

/**
 * OFFSET items of exactly-once runs, whose offsets are committed in Kafka: the item is a view of the record there.
 * `clean` is false from the claim until the run that claimed it has ended in order and brought the view up to date;
 * an item that is not clean may be behind Kafka.
 */
export class LoggedOffsets {
  readonly #table: Table;
  readonly #history: OffsetHistory;
  constructor(table: Table, history: OffsetHistory) {
    this.#table = table;
    this.#history = history;
  }

  /**
   * As `Offsets.claim`, and no longer clean: from now on the run's offsets topic may be ahead. Whether it was clean is
   * what the condition of the first write tells, so that nothing can come between the look and the claim; a repeated
   * claim only finds it not clean, which is safe. Where another topic may be ahead already it stays so (`aheadIn`),
   * until the caller has looked there.
   */
  async claim(
    connector: string,
    partition: OffsetMap,
    { epoch, topic }: { readonly epoch: number; readonly topic: string },
  ): Promise<LoggedClaim> {
    const id = offsetKey(connector, partition);
    const attempt = (set: { readonly aheadIn?: string }, ...conditions: Condition[]) =>
      this.#table.update(
        id,
        {
          set: { epoch, partition: stringifyExact(partition), format: storedFormat, clean: false, ...set },
          add: { version: 0 },
        },
        { if: { all: [mayOwn(epoch), ...conditions] } },
      );
    const clean = await attempt({ aheadIn: topic }, { equals: ['clean', true] });
    if (clean.applied) return { stored: readOffset(clean.item), wasClean: true };
    const here = { any: [{ absent: 'aheadIn' }, { equals: ['aheadIn', topic] }] } as const;
    let claimed = await attempt({ aheadIn: topic }, here);
    if (!claimed.applied) claimed = await attempt({});
    if (!claimed.applied) throw offsetFenced(connector, partition, epoch, ownerOf(claimed.item));
    return { stored: readOffset(claimed.item), wasClean: false };
  }

  /** Brings the view up to what is committed in Kafka (Invariants 1 and 3). Null: the offset was deleted there. */
  async store(
    connector: string,
    claimed: StoredOffset,
    offset: OffsetMap | null,
    { epoch, now, token, log, topic, clean, keep }: LoggedCommit,
  ): Promise<StoredOffset> {
    const id = offsetKey(connector, claimed.partition);
    const kept = await keepOffset(this.#history, connector, claimed, { now, keep });
    const result = await this.#table.update(
      id,
      {
        set: {
          ...committedAttributes(claimed, offset, { epoch, now }),
          log: { ...log, offset: String(log.offset) },
          aheadIn: topic,
          clean,
          ...kept,
        },
        ...(offset === null ? { remove: ['offset'] } : {}),
      },
      { if: { all: [{ atMost: ['epoch', epoch] }, { equals: ['version', claimed.version] }] }, token },
    );
    if (!result.applied) throw offsetFenced(connector, claimed.partition, epoch, ownerOf(result.item));
    return readOffset(result.item);
  }

  /** The orderly end of a run whose view is up to date already. */
  release(connector: string, claimed: StoredOffset, epoch: number): Promise<StoredOffset> {
    return this.#mark(connector, claimed, epoch, { clean: true });
  }

  /** The topic that may have been ahead was looked at, and is not: from now on it is another. */
  moveTo(topic: string, connector: string, claimed: StoredOffset, epoch: number): Promise<StoredOffset> {
    return this.#mark(connector, claimed, epoch, { aheadIn: topic });
  }

  async #mark(
    connector: string,
    claimed: StoredOffset,
    epoch: number,
    set: Readonly<Record<string, boolean | string>>,
  ): Promise<StoredOffset> {
    const result = await this.#table.update(
      offsetKey(connector, claimed.partition),
      { set },
      { if: { all: [{ equals: ['epoch', epoch] }, { equals: ['version', claimed.version] }] } },
    );
    if (!result.applied) throw offsetFenced(connector, claimed.partition, epoch, ownerOf(result.item));
    return readOffset(result.item);
  }
}
