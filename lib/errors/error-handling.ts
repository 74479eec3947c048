import { type ConnectorConfig, isTrue } from '../api/config.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Random } from '../foundation/random.ts';
import type { ErrorReporter } from './failed-record.ts';
import { logReporter } from './log-reporter.ts';
import { RetryWithTolerance } from './retry-with-tolerance.ts';

export interface ErrorHandlingOptions {
  readonly config: ConnectorConfig;
  /** Sinks with `errors.deadletterqueue.topic.name`. */
  readonly deadLetters?: ErrorReporter;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal?: AbortSignal;
}

export const tolerance = (config: ConnectorConfig): 'none' | 'all' =>
  config['errors.tolerance']?.trim().toLowerCase() === 'all' ? 'all' : 'none';

/** The error operator of a task, from the `errors.*` keys of its connector. */
export function errorHandling({
  config,
  deadLetters,
  log,
  clock,
  random,
  signal,
}: ErrorHandlingOptions): RetryWithTolerance {
  const reporters: ErrorReporter[] = [];
  if (deadLetters !== undefined) reporters.push(deadLetters);
  if (isTrue(config['errors.log.enable']))
    reporters.push(logReporter(log, isTrue(config['errors.log.include.messages'])));
  return new RetryWithTolerance({
    retryTimeoutMs: Number(config['errors.retry.timeout'] ?? 0),
    retryDelayMaxMs: Number(config['errors.retry.delay.max.ms'] ?? 60_000),
    tolerance: tolerance(config),
    reporters,
    clock,
    random,
    ...(signal === undefined ? {} : { signal }),
  });
}
