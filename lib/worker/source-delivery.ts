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
