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

/** Records first, their offsets into the table after Kafka has acknowledged them (Invariant 1). */
export class AtLeastOnceDelivery implements SourceDelivery {
  readonly #scope: RunScope;
  readonly #task: SourceTask;
  readonly #producer: KafkaProducer;
  readonly #dispatcher: SourceDispatcher;
  readonly #cadence: CommitCadence;
  readonly #io: CallOptions;
  /** The batch before, still on its way while the next is polled; settled to its error, if any. */
  #inFlight: Promise<unknown> = Promise.resolve();

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

  /** At most one batch is in flight. */
  async deliver(batch: Batch, failure: BatchFailure | undefined): Promise<void> {
    await this.#settle();
    this.#inFlight = this.#dispatcher.dispatch(batch, this.#io).then(
      () => undefined,
      (error: unknown) => error ?? new Error('unknown failure'),
    );
    // As in Kafka Connect a failure that is known already comes before the next poll.
    if (failure !== undefined || this.#dispatcher.refuses) await this.#settle();
    if (failure !== undefined) throw failure.error;
  }

  async idle(): Promise<void> {
    await this.#settle();
  }

  async keepUp(): Promise<void> {
    if (this.#cadence.isDue()) await this.#commit();
  }

  async finish(): Promise<void> {
    await this.#settle();
    await this.#commit();
  }

  /** The run ends with the failure, but what is in Kafka already need not be sent again. */
  async failed(): Promise<void> {
    await this.#inFlight;
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
    await this.#inFlight;
    await this.#producer.close();
  }

  async #settle(): Promise<void> {
    const error = await this.#inFlight;
    const { lease } = this.#scope;
    lease.stats = { records: this.#dispatcher.records, bytes: this.#dispatcher.bytes, lag: -1 };
    if (error !== undefined) throw error;
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
