import type { SourceRecord } from '../api/record.ts';
import type { ProduceRecord } from '../kafka/ports.ts';

/** One polled batch on its way: `produced[i]` is null where the record was dropped. */
export interface Batch {
  readonly records: readonly SourceRecord[];
  readonly produced: readonly (ProduceRecord | null)[];
}

/** Why the record after the last one of a batch cannot be delivered. */
export interface BatchFailure {
  readonly error: unknown;
}

/** What becomes of the records of a source once they are ready for Kafka: at least once, or exactly once. */
export interface SourceDelivery {
  /** Takes a batch over; it may still be on its way when this resolves. Throws `failure` once what came before it is dealt with. */
  deliver(batch: Batch, failure: BatchFailure | undefined): Promise<void>;
  /** After a poll that brought no record; `answered`: it brought an empty batch, not null. */
  idle(answered: boolean): Promise<void>;
  /** After each poll: stores offsets where that is due. */
  keepUp(): Promise<void>;
  /** The orderly end: everything is in Kafka and stored when it resolves. */
  finish(): Promise<void>;
  /** After a failure, whose run ends with it: stores what may be, and throws nothing. */
  failed(): Promise<void>;
  close(): Promise<void>;
}

export interface Parted {
  /** What is sent, and what each was made from. */
  readonly sources: readonly SourceRecord[];
  readonly sending: readonly ProduceRecord[];
  readonly dropped: readonly SourceRecord[];
}

/** Told apart by what became of them; the batch's own lists where nothing was dropped. */
export function parted(records: Batch['records'], produced: Batch['produced']): Parted {
  if (!produced.includes(null))
    return { sources: records, sending: produced as readonly ProduceRecord[], dropped: [] };
  const sources: SourceRecord[] = [];
  const sending: ProduceRecord[] = [];
  const dropped: SourceRecord[] = [];
  for (const [i, record] of records.entries()) {
    const target = produced[i] ?? null;
    if (target === null) {
      dropped.push(record);
    } else {
      sources.push(record);
      sending.push(target);
    }
  }
  return { sources, sending, dropped };
}
