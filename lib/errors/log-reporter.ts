import type { Logger } from '../foundation/logger.ts';
import { describeError } from './describe-error.ts';
import type { ErrorReporter } from './failed-record.ts';

/** `errors.log.enable`: one line a failed record; its place in Kafka only with `errors.log.include.messages`. */
export function logReporter(log: Logger, includeMessages: boolean): ErrorReporter {
  return {
    async report({ stage, executingClass, error, consumed, source, attempts }) {
      log.error('error encountered in task', {
        stage,
        executingClass,
        attempts,
        error: describeError(error),
        ...(includeMessages && consumed
          ? {
              topic: consumed.topic,
              partition: consumed.partition,
              offset: String(consumed.record.offset),
              timestamp: consumed.record.timestamp,
            }
          : {}),
        ...(includeMessages && source
          ? {
              topic: source.topic,
              sourcePartition: source.sourcePartition,
              sourceOffset: source.sourceOffset,
            }
          : {}),
      });
    },
  };
}
