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

/**
 * The one operator through which every step that can fail on a record is run: retries retriable failures as
 * `errors.retry.*` say, reports what stays failed (also with tolerance none), then tolerates it or throws.
 * Source of the behaviour: Connect's RetryWithToleranceOperator (KIP-298).
 */
export class RetryWithTolerance {
  readonly #options: ToleranceOptions;
  constructor(options: ToleranceOptions) {
    this.#options = options;
  }

  /** The result, or undefined when the failure is tolerated and the record is to be skipped. */
  async execute<T>(operation: Operation<T>): Promise<{ readonly value: T } | undefined> {
    const { clock, retryTimeoutMs, signal } = this.#options;
    const start = clock.monotonic();
    const deadline = retryTimeoutMs < 0 ? Infinity : start + retryTimeoutMs;
    for (let attempt = 1; ; attempt++) {
      try {
        return { value: await operation.run() };
      } catch (error) {
        const wait = error instanceof RetriableError ? this.#delay(attempt, deadline) : 0;
        const left = deadline - clock.monotonic();
        if (!(error instanceof RetriableError) || left <= 0 || signal?.aborted === true) {
          await this.failed({
            stage: operation.stage,
            executingClass: operation.executingClass,
            error,
            attempts: attempt,
            ...operation.record,
          });
          return undefined;
        }
        await clock.sleep(wait, signal);
      }
    }
  }

  /** Reports a failure that is final, then returns if it is tolerated and throws if not. */
  async failed(record: FailedRecord): Promise<void> {
    for (const reporter of this.#options.reporters) await reporter.report(record);
    if (this.#tolerates(record)) return;
    throw new ConnectError('Tolerance exceeded in error handler', {
      cause: record.error,
      hint: 'Set errors.tolerance=all to skip such records; errors.deadletterqueue.topic.name keeps a copy of them.',
    });
  }

  #tolerates({ stage, error }: FailedRecord): boolean {
    if (this.#options.tolerance === 'none') return false;
    return tolerantStages.has(stage) || error instanceof RetriableError;
  }

  #delay(attempt: number, deadline: number): number {
    const { retryDelayMaxMs, random, clock } = this.#options;
    const exponential = firstDelayMs * 2 ** (attempt - 1);
    const delay = exponential > retryDelayMaxMs ? Math.floor(random.next() * retryDelayMaxMs) : exponential;
    return Math.min(delay, Math.max(0, deadline - clock.monotonic()));
  }
}
