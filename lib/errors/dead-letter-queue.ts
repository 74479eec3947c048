import { ConnectError, toConnectError } from '../api/errors.ts';
import type { KafkaHeader, ProduceRecord } from '../kafka/ports.ts';
import type { ErrorReporter, FailedRecord } from './failed-record.ts';

export interface DeadLetterOptions {
  readonly topic: string;
  readonly contextHeaders: boolean;
  readonly connector: string;
  readonly task: number;
  /** Sends one record and resolves once it is acknowledged. */
  readonly send: (record: Omit<ProduceRecord, 'partition'>) => Promise<void>;
}

const prefix = '__connect.errors.';
const utf8 = new TextEncoder();

/**
 * Writes failed sink records to the dead-letter topic: the original key, value, timestamp and headers, and, with
 * `errors.deadletterqueue.context.headers.enable`, what went wrong where (KIP-298).
 */
export function deadLetterQueue(options: DeadLetterOptions): ErrorReporter {
  return {
    async report(failed) {
      if (failed.consumed === undefined) return;
      const { record } = failed.consumed;
      const headers = options.contextHeaders
        ? [...record.headers, ...contextHeaders(failed, options)]
        : record.headers;
      await options.send({
        topic: options.topic,
        key: record.key,
        value: record.value,
        timestamp: record.timestamp,
        headers,
      });
    },
  };
}

function contextHeaders(failed: FailedRecord, { connector, task }: DeadLetterOptions): KafkaHeader[] {
  const { consumed, stage, executingClass, error } = failed;
  const failure = toConnectError(error);
  return [
    header('topic', consumed?.topic ?? null),
    header('partition', String(consumed?.partition)),
    header('offset', String(consumed?.record.offset)),
    header('connector.name', connector),
    header('task.id', String(task)),
    header('stage', stage),
    header('class.name', executingClass),
    header('exception.class.name', failure.javaClass),
    header('exception.message', failure.message),
    header('exception.stacktrace', stackTrace(failure)),
  ];
}

const header = (name: string, value: string | null): KafkaHeader => ({
  key: prefix + name,
  value: value === null ? null : utf8.encode(value),
});

/** Java's shape, so that tools which parse the first line find the class there. */
function stackTrace(error: ConnectError): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return [`${error.javaClass}: ${error.message}`, ...frames].join('\n');
}
