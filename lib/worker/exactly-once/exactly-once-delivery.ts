import { ConnectError, toConnectError } from '../../api/errors.ts';
import type { SourceRecord } from '../../api/record.ts';
import type { RecordMetadata, SourceTask } from '../../api/source.ts';
import { splitTopicPartition } from '../../api/topic-partition.ts';
import type { CallOptions, ProduceRecord, TransactionalProducer } from '../../kafka/ports.ts';
import { TransactionError } from '../../kafka/transaction-error.ts';
import { partitionId } from '../../storage/items/offsets.ts';
import { CommitCadence } from '../commit-cadence.ts';
import { placesOf } from '../record-sender.ts';
import { maxRequestSize, tooLarge } from '../record-size.ts';
import { type Batch, type BatchFailure, parted, type SourceDelivery } from '../source-delivery.ts';
import type { RunScope } from '../task-runner.ts';
import { OpenEndedTransaction } from './open-ended-transaction.ts';
import type { TransactionBoundary } from './transaction-boundary.ts';
import type { TransactionEnd } from './transaction-requests.ts';
import type { NotedOffset, TransactionalOffsets } from './transactional-offsets.ts';

export interface ExactlyOnceParts {
  readonly scope: RunScope;
  readonly task: SourceTask;
  readonly producer: TransactionalProducer;
  readonly offsets: TransactionalOffsets;
  readonly boundary: TransactionBoundary;
  readonly offsetsTopic: string;
}

/**
 *   nothing open ──record──▶ open ──boundary: commit──▶ data and offsets committed ──▶ commitRecord, commit
 *        ▲                    ├──boundary: abort──▶ data dropped; offsets committed in a transaction of their own
 *        └────────────────────┴──failure──▶ nothing committed
 *
 * Data and one offset record a source partition in one Kafka transaction, so that either all of it is committed or
 * none; the table follows (Invariant 1). Nothing is tolerated here that Kafka refuses, as in Kafka Connect.
 */
export class ExactlyOnceDelivery implements SourceDelivery {
  readonly #parts: ExactlyOnceParts;
  readonly #cadence: CommitCadence;
  readonly #io: CallOptions;
  readonly #maxRequestSize: number;
  #open: OpenEndedTransaction | undefined;
  /** Offsets of records handed over and not committed yet, by partition. */
  #noted = new Map<string, NotedOffset>();
  /** For commitRecord, after the commit. */
  #untold: (readonly [SourceRecord, RecordMetadata | null])[] = [];
  #uncommitted = { records: 0, bytes: 0 };
  /** The run is at its orderly end. */
  isEnding = false;

  constructor(parts: ExactlyOnceParts) {
    const { config, deps, signal, sendDeadline } = parts.scope;
    this.#parts = parts;
    this.#cadence = new CommitCadence(config, deps);
    this.#io = { signal, deadline: sendDeadline };
    this.#maxRequestSize = maxRequestSize(config);
  }

  async deliver({ records, produced }: Batch, failure: BatchFailure | undefined): Promise<void> {
    const { boundary } = this.#parts;
    let from = 0;
    for (const [i, record] of records.entries()) {
      const end = boundary.afterRecord(record);
      if (end === undefined) continue;
      await this.#hand(records.slice(from, i + 1), produced.slice(from, i + 1), end);
      from = i + 1;
    }
    // The transaction it belongs to is never committed, so that what is left of the batch need not be sent.
    if (failure !== undefined) throw failure.error;
    await this.#hand(records.slice(from), produced.slice(from), boundary.afterBatch());
  }

  async idle(answered: boolean): Promise<void> {
    const { boundary } = this.#parts;
    await this.#hand([], [], answered ? boundary.afterBatch() : boundary.afterNothing());
  }

  /** The view only: what is committed is in Kafka. */
  async keepUp(): Promise<void> {
    if (!this.#cadence.isDue()) return;
    this.#parts.scope.signal.throwIfAborted();
    this.#cadence.committed(await this.#parts.offsets.store({ clean: false }));
  }

  async finish(): Promise<void> {
    this.isEnding = true;
    await this.#hand([], [], this.#parts.boundary.atEnd());
    await this.#abort();
    await this.#parts.offsets.store({ clean: true });
  }

  async failed(): Promise<void> {
    const { scope, offsets } = this.#parts;
    if (scope.signal.aborted) return;
    try {
      await offsets.store({ clean: false });
    } catch (error) {
      scope.log.warn(
        'the table does not show the last committed offsets; the next run reads them from Kafka',
        {
          error: toConnectError(error).message,
        },
      );
    }
  }

  /** Readers of committed records wait for a transaction that is left open until its timeout. */
  async close(): Promise<void> {
    try {
      await this.#abort();
    } catch (error) {
      this.#parts.scope.log.info('a transaction was not aborted; the next run or its timeout does it', {
        error: toConnectError(error).message,
      });
    }
  }

  async #hand(
    records: readonly SourceRecord[],
    produced: readonly (ProduceRecord | null)[],
    end: TransactionEnd | undefined,
  ): Promise<void> {
    const { sources, sending, dropped } = parted(records, produced);
    for (const record of sending) this.#check(record);
    for (const record of dropped) this.#tellLater(record, null);
    await this.#note(sources);
    if (end === 'commit') return this.#commit(sources, sending);
    if (sending.length > 0) await this.#send(sources, sending, []);
    if (end === 'abort') {
      await this.#abort();
      await this.#commit([], []);
    }
  }

  #check(record: ProduceRecord): void {
    if (record.topic === this.#parts.offsetsTopic) {
      throw new ConnectError(
        `Source tasks may not produce to their own offsets topics when exactly-once support is enabled: ${record.topic}`,
        { hint: 'Give the connector an offsets.storage.topic that it does not write to.' },
      );
    }
    const refused = tooLarge(record, this.#maxRequestSize);
    if (refused !== undefined) throw this.#refused(refused);
  }

  /** Claims partitions that are new to this run: before anything of them can be committed (Invariant 4). */
  async #note(sources: readonly SourceRecord[]): Promise<void> {
    let last: { readonly partition: SourceRecord['sourcePartition']; readonly id: string } | undefined;
    for (const { sourcePartition: partition, sourceOffset: offset } of sources) {
      if (last?.partition !== partition) last = { partition, id: partitionId(partition) };
      this.#noted.set(last.id, { partition, offset });
    }
    if (sources.length > 0)
      await this.#parts.offsets.claim([...this.#noted.values()].map(({ partition }) => partition));
  }

  async #commit(sources: readonly SourceRecord[], sending: readonly ProduceRecord[]): Promise<void> {
    const { scope, offsets } = this.#parts;
    const noted = [...this.#noted.values()];
    if (sending.length > 0 || noted.length > 0 || this.#open !== undefined) {
      const logged = offsets.records(noted);
      const places = await this.#send(sources, sending, logged);
      const open = this.#open;
      this.#open = undefined;
      await open?.commit();
      this.#noted = new Map();
      if (noted.length > 0) scope.lease.noteCommit();
      await offsets.committed(noted, places);
      const { records, bytes, lag } = scope.lease.stats;
      scope.lease.stats = {
        records: records + this.#uncommitted.records,
        bytes: bytes + this.#uncommitted.bytes,
        lag,
      };
      this.#uncommitted = { records: 0, bytes: 0 };
    }
    await this.#tell();
  }

  /** One request for data and offsets. Answers where the offsets are. */
  async #send(
    sources: readonly SourceRecord[],
    sending: readonly ProduceRecord[],
    logged: readonly ProduceRecord[],
  ): Promise<readonly RecordMetadata[]> {
    this.#open ??= await OpenEndedTransaction.begin(this.#parts.producer, this.#io);
    const all = [...sending, ...logged];
    if (all.length === 0) return [];
    const answer = await this.#open.send(all, this.#io);
    for (const [partition, { error, bytes }] of answer) {
      if (error !== undefined) throw this.#refused(error);
      if (splitTopicPartition(partition).topic !== this.#parts.offsetsTopic) this.#uncommitted.bytes += bytes;
    }
    const places = placesOf(all, answer) as readonly RecordMetadata[];
    for (const [i, record] of sources.entries()) this.#tellLater(record, places[i] ?? null);
    this.#uncommitted.records += sending.length;
    return places.slice(sending.length);
  }

  async #abort(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.#uncommitted = { records: 0, bytes: 0 };
    await open?.abort();
  }

  /** `errors.tolerance` has no say: to leave out one record would be to commit half a transaction. */
  #refused(error: ConnectError): ConnectError {
    if (error instanceof TransactionError) return error;
    const { connector, task } = this.#parts.scope;
    return new ConnectError(
      `Failed to flush offsets and/or records for task ${connector.name}-${task.task}`,
      {
        cause: error,
        retriable: error.retriable,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      },
    );
  }

  #tellLater(record: SourceRecord, metadata: RecordMetadata | null): void {
    if (this.#parts.task.commitRecord !== undefined) this.#untold.push([record, metadata]);
  }

  async #tell(): Promise<void> {
    const { task, scope } = this.#parts;
    const told = this.#untold;
    this.#untold = [];
    for (const [record, metadata] of told) {
      try {
        await task.commitRecord?.(record, metadata);
      } catch (error) {
        scope.log.warn('commitRecord failed', { error: String(error) });
      }
    }
    try {
      await task.commit?.();
    } catch (error) {
      scope.log.warn('commit failed', { error: String(error) });
    }
  }
}
