import { type ConnectorConfig, isTrue } from '../api/config.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Random } from '../foundation/random.ts';
import type { ErrorReporter } from './failed-record.ts';
import { logReporter } from './log-reporter.ts';
import { type OutagePolicy, RetryWithTolerance } from './retry-with-tolerance.ts';
import { skipTally } from './skip-tally.ts';

export interface ErrorHandlingOptions {
  readonly config: ConnectorConfig;
  readonly connector: string;
  readonly task: number;
  /** With `errors.deadletterqueue.topic.name`. */
  readonly deadLetters?: ErrorReporter;
  readonly outages?: OutagePolicy;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal?: AbortSignal;
}

export const tolerance = (config: ConnectorConfig): 'none' | 'all' =>
  config['errors.tolerance']?.trim().toLowerCase() === 'all' ? 'all' : 'none';

/** The error operator of a task, from the `errors.*` keys of its connector. */
export function errorHandling(options: ErrorHandlingOptions): RetryWithTolerance {
  const { config, clock, random, signal, outages } = options;
  return new RetryWithTolerance({
    retryTimeoutMs: Number(config['errors.retry.timeout'] ?? 0),
    retryDelayMaxMs: Number(config['errors.retry.delay.max.ms'] ?? 60_000),
    tolerance: tolerance(config),
    reporters: reportersOf(options),
    clock,
    random,
    ...(signal === undefined ? {} : { signal }),
    ...(outages === undefined ? {} : { outages }),
  });
}

/** Dead-letter topic and log, as configured; where there is neither, skipped records are at least counted in the log. */
function reportersOf({ config, deadLetters, log, connector, task }: ErrorHandlingOptions): ErrorReporter[] {
  const reporters: ErrorReporter[] = [];
  if (deadLetters !== undefined) reporters.push(deadLetters);
  if (isTrue(config['errors.log.enable'])) {
    const includeMessages = isTrue(config['errors.log.include.messages']);
    reporters.push(logReporter({ log, connector, task, includeMessages }));
  }
  if (reporters.length === 0 && tolerance(config) === 'all') reporters.push(skipTally(log));
  return reporters;
}
