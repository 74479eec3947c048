import { stringifyExact } from '../foundation/json/stringify-exact.ts';
import type { Logger } from '../foundation/logger.ts';
import { describeError } from './describe-error.ts';
import type { ErrorReporter, FailedRecord } from './failed-record.ts';

export interface LogReporterOptions {
  readonly log: Logger;
  readonly connector: string;
  readonly task: number;
  /** `errors.log.include.messages` */
  readonly includeMessages: boolean;
}

/**
 * `errors.log.enable`: one line a failed record, in the words of Connect's LogReporter. Its place is named only with
 * `errors.log.include.messages`; its contents never are (Kafka Connect prints those of source records).
 */
export function logReporter({ log, connector, task, includeMessages }: LogReporterOptions): ErrorReporter {
  return {
    async report(failed) {
      const { stage, executingClass, error, attempts } = failed;
      const place = includeMessages ? placeOf(failed) : '';
      log.error(
        `Error encountered in task ${connector}-${task}. Executing stage '${stage}' with class '${executingClass}'${place}.`,
        { stage, executingClass, attempts, error: describeError(error) },
      );
    },
  };
}

function placeOf({ consumed, source }: FailedRecord): string {
  if (consumed !== undefined) {
    const { offset, timestamp, timestampType } = consumed.record;
    const time =
      timestampType === 'NoTimestampType' ? '' : `, timestamp=${timestamp}, timestampType=${timestampType}`;
    return `, where consumed record is {topic='${consumed.topic}', partition=${consumed.partition}, offset=${offset}${time}}`;
  }
  if (source === undefined) return '';
  const { topic, sourcePartition, sourceOffset } = source;
  return `, where source record is {topic='${topic}', sourcePartition=${stringifyExact(sourcePartition)}, sourceOffset=${stringifyExact(sourceOffset)}}`;
}
