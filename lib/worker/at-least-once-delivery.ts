import { toConnectError } from '../api/errors.ts';
import type { SourceTask } from '../api/source.ts';
import { tolerance } from '../errors/error-handling.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import type { CallOptions, KafkaClient, KafkaProducer } from '../kafka/ports.ts';
import { producerSettings } from './client-settings.ts';
import { CommitCadence } from './commit-cadence.ts';
import { RecordSender } from './record-sender.ts';
import { maxRequestSize } from './record-size.ts';
import type { Batch, BatchFailure, SourceDelivery } from './source-delivery.ts';
import { SourceDispatcher } from './source-dispatcher.ts';
import type { RunScope } from './task-runner.ts';

export interface DeliveryParts {
  readonly scope: RunScope;
  readonly task: SourceTask;
  readonly kafka: KafkaClient;
  readonly errors: RetryWithTolerance;
}

/**
 * The next batch is sent while no more than this is on its way: enough for a broker that answers after some ten
 * milliseconds, and little beside the records themselves.
 */
const mostBytesInFlight = 1024 * 1024;

interface InFlight {
  readonly bytes: number;
  readonly isOver: boolean;
  /** Settled to its error, if any. */
  readonly outcome: Promise<unknown>;
}

/** Records first, their offsets into the table after Kafka has acknowledged them (Invariant 1). */
export class AtLeastOnceDelivery implements SourceDelivery {
  readonly #scope: RunScope;
  readonly #task: SourceTask;
  readonly #producer: KafkaProducer;
  readonly #dispatcher: SourceDispatcher;
  readonly #cadence: CommitCadence;
  readonly #io: CallOptions;
  /** Batches on their way while the next is polled, the oldest first. */
  readonly #inFlight: InFlight[] = [];
  #bytesInFlight = 0;

  constructor({ scope, task, kafka, errors }: DeliveryParts) {
    const { config, deps, log, signal, sendDeadline } = scope;
    this.#scope = scope;
    this.#task = task;
    this.#producer = kafka.producer(producerSettings(config));
    this.#dispatcher = new SourceDispatcher({
      sender: new RecordSender({
        producer: this.#producer,
        maxRequestSize: maxRequestSize(config),
        tolerant: tolerance(config) === 'all',
      }),
      task,
      errors,
      log,
    });
    this.#cadence = new CommitCadence(config, deps);
    this.#io = { signal, deadline: sendDeadline };
  }

  async deliver(batch: Batch, failure: BatchFailure | undefined): Promise<void> {
    await this.#settle(mostBytesInFlight);
    const { bytes, arrived } = await this.#dispatcher.dispatch(batch, this.#io);
    const outcome = arrived
      .catch((error: unknown) => error ?? new Error('unknown failure'))
      .finally(() => (sent.isOver = true));
    const sent = { bytes, isOver: false, outcome };
    this.#inFlight.push(sent);
    this.#bytesInFlight += bytes;
    // As in Kafka Connect a failure that is known already comes before the next poll.
    if (failure !== undefined || this.#dispatcher.refuses) await this.#settle(0);
    if (failure !== undefined) throw failure.error;
  }

  async idle(): Promise<void> {
    await this.#settle(0);
  }

  async keepUp(): Promise<void> {
    if (this.#cadence.isDue()) await this.#commit();
  }

  async finish(): Promise<void> {
    await this.#settle(0);
    await this.#commit();
  }

  /** The run ends with the failure, but what is in Kafka already need not be sent again. */
  async failed(): Promise<void> {
    await this.#allOver();
    if (this.#scope.signal.aborted) return;
    try {
      await this.#commit();
    } catch (error) {
      this.#scope.log.warn('offsets not committed after a failure; their records will be sent again', {
        error: toConnectError(error).message,
      });
    }
  }

  async close(): Promise<void> {
    await this.#allOver();
    await this.#producer.close();
  }

  /** Waits for the oldest until what is left is no more than so many bytes. Throws the first failure there is. */
  async #settle(mostBytes: number): Promise<void> {
    const { lease } = this.#scope;
    for (let [oldest] = this.#inFlight; oldest !== undefined; [oldest] = this.#inFlight) {
      if (!oldest.isOver && mostBytes > 0 && this.#bytesInFlight <= mostBytes) break;
      const error = await oldest.outcome;
      this.#inFlight.shift();
      this.#bytesInFlight -= oldest.bytes;
      lease.stats = { records: this.#dispatcher.records, bytes: this.#dispatcher.bytes, lag: -1 };
      if (error !== undefined) throw error;
    }
  }

  async #allOver(): Promise<void> {
    await Promise.all(this.#inFlight.map(({ outcome }) => outcome));
  }

  async #commit(): Promise<void> {
    const { offsets, signal, log, lease } = this.#scope;
    signal.throwIfAborted();
    const committable = this.#dispatcher.submitted.takeCommittable().offsets;
    this.#cadence.committed(await offsets.commit(committable.values()));
    if (committable.size > 0) lease.noteCommit();
    try {
      await this.#task.commit?.();
    } catch (error) {
      log.warn('commit failed', { error: String(error) });
    }
  }
}
