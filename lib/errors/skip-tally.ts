import type { Logger } from '../foundation/logger.ts';
import { describeError } from './describe-error.ts';
import type { ErrorReporter } from './failed-record.ts';

/**
 * What `errors.tolerance=all` has when neither a dead-letter topic nor `errors.log.enable` is set, where Kafka Connect
 * skips records without a word: a warning at the first skipped record of a run, the tenth, the hundredth and so on,
 * with the failure of that one (Invariant 5).
 */
export function skipTally(log: Logger): ErrorReporter {
  let skipped = 0;
  let next = 1;
  return {
    async report({ stage, executingClass, error }) {
      skipped++;
      if (skipped < next) return;
      next *= 10;
      log.warn('records are skipped because they cannot be handled (errors.tolerance=all)', {
        skipped,
        stage,
        executingClass,
        error: describeError(error),
        hint: 'errors.deadletterqueue.topic.name keeps such records; errors.log.enable=true logs each.',
      });
    },
  };
}
