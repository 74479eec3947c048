import { ConnectError, toConnectError } from '../api/errors.ts';
import type { KafkaHeader } from '../kafka/ports.ts';
import type { FailedRecord } from './failed-record.ts';

const prefix = '__connect.errors.';
const utf8 = new TextEncoder();
/** Longest stack trace kept, in characters: a dead letter must not be refused for its headers. */
const maxTrace = 16_384;

/** One header of a dead letter; a null value is one without a message, as in Kafka Connect. */
export const contextHeader = (name: string, value: string | null): KafkaHeader => ({
  key: prefix + name,
  value: value === null ? null : utf8.encode(value),
});

/** Who writes dead letters. */
export interface DeadLetterOrigin {
  readonly connector: string;
  readonly task: number;
  /** Takes secrets out of a text (Invariant 8). */
  readonly hide: (text: string) => string;
}

/** What went wrong, where, in which task: the part that dead letters of sinks and sources share (KIP-298). */
export function failureHeaders(
  { stage, executingClass, error }: FailedRecord,
  { connector, task, hide }: DeadLetterOrigin,
): KafkaHeader[] {
  const failure = toConnectError(error);
  return [
    contextHeader('connector.name', connector),
    contextHeader('task.id', String(task)),
    contextHeader('stage', stage),
    contextHeader('class.name', executingClass),
    contextHeader('exception.class.name', failure.javaClass),
    contextHeader('exception.message', failure.message === '' ? null : hide(failure.message)),
    contextHeader('exception.stacktrace', hide(stackTrace(failure)).slice(0, maxTrace)),
  ];
}

/** In the shape of Java's printStackTrace, so that tools which parse its first line find the class there. */
function stackTrace(error: ConnectError): string {
  const parts = [section(error.javaClass, error)];
  let cause: unknown = error.cause;
  for (let depth = 0; cause instanceof Error && depth < 10; depth++) {
    // A foreign error wrapped as it is says nothing new.
    if (cause.message !== error.message)
      parts.push(
        `Caused by: ${section(cause instanceof ConnectError ? cause.javaClass : cause.name, cause)}`,
      );
    cause = cause.cause;
  }
  return parts.join('');
}

function section(className: string, { message, stack = '' }: Error): string {
  const frames = stack.split('\n').flatMap((line) => {
    const frame = /^\s*at (.*)$/.exec(line)?.[1];
    return frame === undefined ? [] : [`\tat ${frame}\n`];
  });
  return `${className}${message === '' ? '' : `: ${message}`}\n${frames.join('')}`;
}
