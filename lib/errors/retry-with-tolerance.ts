import { ConnectError, RetriableError } from '../api/errors.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Deadline } from '../foundation/deadline.ts';
import type { Random } from '../foundation/random.ts';
import type { ErrorReporter, FailedRecord } from './failed-record.ts';
import { type Stage, tolerantStages } from './stage.ts';

export interface ToleranceOptions {
  /** `errors.retry.timeout`: milliseconds; 0 never retries, -1 retries for ever. */
  readonly retryTimeoutMs: number;
  /** `errors.retry.delay.max.ms` */
  readonly retryDelayMaxMs: number;
  /** `errors.tolerance` */
  readonly tolerance: 'none' | 'all';
  readonly reporters: readonly ErrorReporter[];
  readonly clock: Clock;
  readonly random: Random;
  readonly signal?: AbortSignal;
  /** Absent: no failure is an outage, as in Kafka Connect, where `errors.tolerance=all` skips records during one. */
  readonly outages?: OutagePolicy;
}

export interface OutagePolicy {
  readonly isOutage: (error: unknown) => boolean;
  /** Tries during an outage even when `errors.retry.timeout` allows none; then the run ends, to be tried later. */
  readonly attempts: number;
  /** When the run must begin to end: it does not wait beyond this, also when `errors.retry.timeout` is longer. */
  readonly until: Deadline;
}

/** One fallible step on one record. */
export interface Operation<T> {
  readonly stage: Stage;
  readonly executingClass: string;
  readonly record: Pick<FailedRecord, 'consumed' | 'source'>;
  run(): T | Promise<T>;
}

const firstDelayMs = 300;

/** Outside of the stages that work on a record alone, tolerance covers only errors that may pass. */
const isTolerable = ({ stage, error }: FailedRecord): boolean =>
  tolerantStages.has(stage) || error instanceof RetriableError;

/**
 * The one operator through which every step that can fail on a record is run: retries retriable failures as
 * `errors.retry.*` say, reports what stays failed (also with tolerance none), then tolerates it or throws.
 * Source of the behaviour: Connect's RetryWithToleranceOperator (KIP-298). Beyond it, an outage is told from a
 * poison record (`outages`): it ends the run with a retriable error, and the record is neither reported nor skipped.
 */
export class RetryWithTolerance {
  readonly #options: ToleranceOptions;
  #failures = 0;

  constructor(options: ToleranceOptions) {
    this.#options = options;
  }

  /** False once anything failed with `errors.tolerance=none`. */
  get withinTolerance(): boolean {
    return this.#options.tolerance === 'all' || this.#failures === 0;
  }

  /**
   * The result, or undefined when the failure is tolerated and the record is to be skipped. An abort ends the
   * retries with the signal's reason: the record is neither reported nor skipped (Invariant 5).
   */
  async execute<T>(operation: Operation<T>): Promise<{ readonly value: T } | undefined> {
    const { clock, retryTimeoutMs, signal } = this.#options;
    const deadline = retryTimeoutMs < 0 ? Infinity : clock.monotonic() + retryTimeoutMs;
    for (let attempt = 1; ; attempt++) {
      try {
        return { value: await operation.run() };
      } catch (error) {
        if (!this.#mayRetry(error, attempt, deadline)) {
          const { stage, executingClass, record } = operation;
          await this.#giveUp({ stage, executingClass, error, attempts: attempt, ...record });
          return undefined;
        }
        signal?.throwIfAborted();
        await clock.sleep(this.#delay(attempt, deadline), signal);
      }
    }
  }

  /**
   * A failure found elsewhere, as a sink task's own report: whatever it is, it is reported, then tolerated or thrown
   * as `errors.tolerance` says. An outage is thrown back as a RetriableError.
   */
  async failed(record: FailedRecord): Promise<void> {
    this.#throwOutage(record);
    await this.#report(record);
    this.#tolerate(record);
  }

  #mayRetry(error: unknown, attempt: number, deadline: number): boolean {
    const { clock, outages } = this.#options;
    if (outages?.until.expired === true) return false;
    if (outages?.isOutage(error) === true && attempt < outages.attempts) return true;
    return error instanceof RetriableError && clock.monotonic() < deadline;
  }

  async #giveUp(failure: FailedRecord): Promise<void> {
    this.#throwOutage(failure);
    await this.#report(failure);
    if (!isTolerable(failure))
      throw new ConnectError('Unhandled exception in error handler', { cause: failure.error });
    this.#tolerate(failure);
  }

  #throwOutage(failure: FailedRecord): void {
    const { stage, executingClass, error } = failure;
    if (this.#options.outages?.isOutage(error) !== true) return;
    throw new RetriableError(`${stage} (${executingClass}) cannot work at the moment${placeOf(failure)}`, {
      cause: error,
      hint: 'An outage, not a bad record: nothing is skipped or written to a dead-letter topic, and the work is tried again later.',
    });
  }

  /** Also what is not tolerated is reported, before it ends the task. */
  async #report(record: FailedRecord): Promise<void> {
    this.#failures++;
    for (const reporter of this.#options.reporters) await reporter.report(record);
  }

  #tolerate(failed: FailedRecord): void {
    if (this.withinTolerance) return;
    throw new ConnectError('Tolerance exceeded in error handler', {
      cause: failed.error,
      hint: `It failed in ${failed.stage} (${failed.executingClass})${placeOf(failed)}. Set errors.tolerance=all to skip such records; errors.deadletterqueue.topic.name keeps a copy of them.`,
    });
  }

  #delay(attempt: number, deadline: number): number {
    const { retryDelayMaxMs, random, clock, outages } = this.#options;
    const exponential = firstDelayMs * 2 ** (attempt - 1);
    const delay = exponential > retryDelayMaxMs ? Math.floor(random.next() * retryDelayMaxMs) : exponential;
    const left = deadline - clock.monotonic();
    // Past errors.retry.timeout only an outage is tried again.
    const most = left > 0 || outages === undefined ? left : Infinity;
    return Math.max(0, Math.min(delay, most, outages?.until.remaining() ?? Infinity));
  }
}

/** Where the record is to be found; never what is in it (Invariant 8). */
function placeOf({ consumed, source }: FailedRecord): string {
  if (consumed !== undefined)
    return ` at ${consumed.topic}-${consumed.partition}, offset ${consumed.record.offset}`;
  return source === undefined ? '' : ` on the way to topic ${source.topic}`;
}
