import { ConnectError, RetriableError } from '../api/errors.ts';
import type { Clock } from '../foundation/clock.ts';
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
 * Source of the behaviour: Connect's RetryWithToleranceOperator (KIP-298).
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
        if (!(error instanceof RetriableError) || clock.monotonic() >= deadline) {
          const { stage, executingClass, record } = operation;
          const failure = { stage, executingClass, error, attempts: attempt, ...record };
          await this.#report(failure);
          if (!isTolerable(failure)) {
            throw new ConnectError('Unhandled exception in error handler', { cause: error });
          }
          this.#tolerate(failure);
          return undefined;
        }
        signal?.throwIfAborted();
        await clock.sleep(this.#delay(attempt, deadline), signal);
      }
    }
  }

  /**
   * A failure found elsewhere, as a sink task's own report: whatever it is, it is reported, then tolerated or thrown
   * as `errors.tolerance` says.
   */
  async failed(record: FailedRecord): Promise<void> {
    await this.#report(record);
    this.#tolerate(record);
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
      hint: `It failed in ${failed.stage} (${failed.executingClass})${placeOf(failed)}. Set errors.tolerance=all to skip such records; errors.deadletterqueue.topic.name keeps a copy of those of a sink.`,
    });
  }

  #delay(attempt: number, deadline: number): number {
    const { retryDelayMaxMs, random, clock } = this.#options;
    const exponential = firstDelayMs * 2 ** (attempt - 1);
    const delay = exponential > retryDelayMaxMs ? Math.floor(random.next() * retryDelayMaxMs) : exponential;
    return Math.min(delay, Math.max(0, deadline - clock.monotonic()));
  }
}

/** Where the record is to be found; never what is in it (Invariant 8). */
function placeOf({ consumed, source }: FailedRecord): string {
  if (consumed !== undefined)
    return ` at ${consumed.topic}-${consumed.partition}, offset ${consumed.record.offset}`;
  return source === undefined ? '' : ` on the way to topic ${source.topic}`;
}
