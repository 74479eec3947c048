import { ConnectError } from '../api/errors.ts';
import type { RecordMetadata, SourceTask } from '../api/source.ts';
import type { SourceRecord } from '../api/record.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import type { Logger } from '../foundation/logger.ts';
import type { CallOptions, ProduceRecord } from '../kafka/ports.ts';
import { partitionId } from '../storage/items/offsets.ts';
import type { RecordSender, Sent } from './record-sender.ts';
import { type Batch, parted } from './source-delivery.ts';
import { type Entry, type Submission, SubmittedRecords } from './submitted-records.ts';

export interface DispatcherOptions {
  readonly sender: RecordSender;
  readonly task: SourceTask;
  /** Reports a record Kafka refuses for good, then tolerates or throws it. */
  readonly errors: RetryWithTolerance;
  readonly log: Logger;
}

/** A batch on its way. */
export interface Dispatched {
  /** Of keys and values, as far as is known without encoding them. */
  readonly bytes: number;
  /** Resolves when every record is acknowledged or skipped; rejects with the first failure, what came before it acknowledged. */
  readonly arrived: Promise<void>;
}

/** Connect's class that sends: it stands in reports of records Kafka refused. */
const sendingClass = 'org.apache.kafka.connect.runtime.WorkerSourceTask';

/**
 * Sends batches to Kafka and keeps book of what may be committed: a source partition's offset moves only over
 * records Kafka has acknowledged, or refused and tolerated (Invariant 1). Dropped records get
 * `commitRecord(record, null)` before the others are sent, and their offset waits for a later record of the same
 * partition, as in Kafka Connect.
 */
export class SourceDispatcher {
  readonly submitted: SubmittedRecords = new SubmittedRecords();
  readonly #options: DispatcherOptions;
  /** The batch last handed over holds records that are refused without asking Kafka: known as soon as it is. */
  refuses = false;
  records = 0;
  bytes = 0;
  /** The batch handed over last has arrived, or failed. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Hands a batch over behind those before it: what this resolves to is on its way, in that order. */
  async dispatch({ records, produced }: Batch, call: CallOptions): Promise<Dispatched> {
    const { sender } = this.#options;
    const { sources, sending, dropped } = parted(records, produced);
    const refusals = sender.refusals(sending);
    this.refuses = refusals.size > 0;
    for (const record of dropped) await this.#tell(record, null);
    const entries = this.#submit(sources);
    const sent = sender.send(sending, refusals, call);
    const before = this.#last;
    const arrived = Promise.allSettled([sent, before]).then(async () =>
      this.#settle(sources, await sent, entries),
    );
    this.#last = Promise.allSettled([arrived]);
    return { bytes: bytesOf(sending), arrived };
  }

  /** Batches are settled in the order in which they were handed over, and so is `commitRecord` called. */
  async #settle(sources: readonly SourceRecord[], sent: Sent, entries: readonly Entry[]): Promise<void> {
    if (!sent.complete) return this.#settleEach(sources, sent, entries);
    this.records += sources.length;
    this.bytes += sent.bytes;
    if (this.#options.task.commitRecord !== undefined) {
      const places = sent.outcomes() as readonly RecordMetadata[];
      for (const [i, record] of sources.entries()) await this.#tell(record, places[i] ?? null);
    }
    for (const entry of entries) this.submitted.acknowledge(entry);
  }

  /** Neighbours of the same source partition are submitted as one stretch. */
  #submit(records: readonly SourceRecord[]): Entry[] {
    const entries: Entry[] = [];
    let last: ({ -readonly [K in keyof Submission]: Submission[K] } & { id: string }) | undefined;
    for (const { sourcePartition: partition, sourceOffset: offset } of records) {
      if (last !== undefined && (last.partition === partition || last.id === partitionId(partition))) {
        last.offset = offset;
        last.records++;
      } else {
        if (last !== undefined) entries.push(this.submitted.submit(last.id, last));
        last = { partition, id: partitionId(partition), offset, records: 1 };
      }
    }
    if (last !== undefined) entries.push(this.submitted.submit(last.id, last));
    return entries;
  }

  /** Some record was refused: the batch is booked anew, record by record, up to the first that is not tolerated. */
  async #settleEach(sources: readonly SourceRecord[], sent: Sent, entries: readonly Entry[]): Promise<void> {
    for (const entry of entries.toReversed()) this.submitted.drop(entry);
    const outcomes = sent.outcomes();
    this.bytes += sent.bytes;
    for (const [i, record] of sources.entries()) {
      const outcome = outcomes[i];
      if (outcome === undefined) return;
      if (outcome instanceof ConnectError) {
        await this.#refused(record, outcome);
        await this.#tell(record, null);
      } else {
        this.records++;
        await this.#tell(record, outcome);
      }
      for (const entry of this.#submit([record])) this.submitted.acknowledge(entry);
    }
  }

  /** As Kafka Connect: reported in stage KAFKA_PRODUCE and skipped with `errors.tolerance=all`, else the task fails. */
  async #refused(source: SourceRecord, error: ConnectError): Promise<void> {
    const { errors } = this.#options;
    try {
      await errors.failed({
        stage: 'KAFKA_PRODUCE',
        executingClass: sendingClass,
        error,
        attempts: 1,
        source,
      });
    } catch (thrown) {
      if (errors.withinTolerance) throw thrown;
      throw new ConnectError('Unrecoverable exception from producer send callback', {
        cause: error,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      });
    }
  }

  async #tell(record: SourceRecord, metadata: RecordMetadata | null): Promise<void> {
    const { task, log } = this.#options;
    try {
      await task.commitRecord?.(record, metadata);
    } catch (error) {
      log.warn('commitRecord failed', { error: String(error) });
    }
  }
}

function bytesOf(records: readonly ProduceRecord[]): number {
  let bytes = 0;
  for (const { key, value } of records) bytes += (key?.length ?? 0) + (value?.length ?? 0);
  return bytes;
}
