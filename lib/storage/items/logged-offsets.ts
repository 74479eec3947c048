import type { OffsetMap } from '../../api/record.ts';
import { stringifyExact } from '../../foundation/json/stringify-exact.ts';
import type { Table } from '../table.ts';
import { storedFormat } from './format.ts';
import { type LogPlace, offsetFenced, offsetKey, readOffset, type StoredOffset } from './offsets.ts';

export interface LoggedClaim {
  readonly stored: StoredOffset;
  /** The run before released it in order: what the table says is what Kafka says. */
  readonly wasClean: boolean;
}

export interface LoggedCommit {
  readonly epoch: number;
  readonly now: number;
  readonly token: string;
  /** Absent: the offset is known from the table alone, and has no record of this topic yet. */
  readonly log: LogPlace;
  /** True only as the last write of a run that ends in order. */
  readonly clean: boolean;
}

/**
 * OFFSET items of exactly-once runs, whose offsets are committed in Kafka: the item is a view of the record there.
 * `clean` is false from the claim until the run that claimed it has ended in order and brought the view up to date;
 * an item that is not clean may be behind Kafka.
 */
export class LoggedOffsets {
  readonly #table: Table;
  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * As `Offsets.claim`, and no longer clean. Whether it was is what the condition of the first write tells, so that
   * nothing can come between the look and the claim. A repeated claim only finds it not clean, which is safe.
   */
  async claim(connector: string, partition: OffsetMap, epoch: number): Promise<LoggedClaim> {
    const id = offsetKey(connector, partition);
    const claimed = {
      set: { epoch, partition: stringifyExact(partition), format: storedFormat, clean: false },
      add: { version: 0 },
    };
    const may = { any: [{ absent: 'epoch' }, { atMost: ['epoch', epoch] }] } as const;
    const clean = await this.#table.update(id, claimed, {
      if: { all: [{ equals: ['clean', true] }, may] },
    });
    if (clean.applied) return { stored: readOffset(clean.item), wasClean: true };
    const other = await this.#table.update(id, claimed, { if: may });
    if (!other.applied) throw offsetFenced(connector, partition, epoch, other.item);
    return { stored: readOffset(other.item), wasClean: false };
  }

  /** Brings the view up to what is committed in Kafka (Invariants 1 and 3). Null: the offset was deleted there. */
  async store(
    connector: string,
    claimed: StoredOffset,
    offset: OffsetMap | null,
    { epoch, now, token, log, clean }: LoggedCommit,
  ): Promise<StoredOffset> {
    const { topic, partition } = log;
    const result = await this.#table.update(
      offsetKey(connector, claimed.partition),
      {
        set: {
          ...(offset === null ? {} : { offset: stringifyExact(offset) }),
          epoch,
          by: epoch,
          version: claimed.version + 1,
          updatedAt: new Date(now).toISOString(),
          log: { topic, partition, offset: String(log.offset) },
          clean,
        },
        ...(offset === null ? { remove: ['offset'] } : {}),
      },
      { if: { all: [{ atMost: ['epoch', epoch] }, { equals: ['version', claimed.version] }] }, token },
    );
    if (!result.applied) throw offsetFenced(connector, claimed.partition, epoch, result.item);
    return readOffset(result.item);
  }

  /** The orderly end of a run whose view is up to date already. */
  async release(connector: string, claimed: StoredOffset, epoch: number): Promise<void> {
    const result = await this.#table.update(
      offsetKey(connector, claimed.partition),
      { set: { clean: true } },
      { if: { all: [{ equals: ['epoch', epoch] }, { equals: ['version', claimed.version] }] } },
    );
    if (!result.applied) throw offsetFenced(connector, claimed.partition, epoch, result.item);
  }
}
