import { ConnectError, RetriableError } from '../api/errors.ts';
import { isPassingFault } from '../foundation/passing-fault.ts';

/** A record is at fault, whatever came first: who throws these has looked at the record. */
const poisonCodes: ReadonlySet<string> = new Set([
  'DATA',
  'SCHEMA_BUILDER',
  'SCHEMA_PROJECTOR',
  'SERIALIZATION',
]);
const deepest = 10;

/**
 * Tells an outage from a poison record: true when what a step depends on (a registry, a database, a broker) cannot
 * be reached, is throttling or overloaded. Such a failure says nothing about the record, so it is never skipped,
 * reported or written to a dead-letter topic for it. Kafka Connect knows no such distinction.
 */
export function isOutage(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < deepest && typeof current === 'object' && current !== null; depth++) {
    if (current instanceof ConnectError) {
      if (current.retriable) return true;
      if (poisonCodes.has(current.code)) return false;
    } else if (isPassingFault(current)) return true;
    current = 'cause' in current ? current.cause : undefined;
  }
  return false;
}

/** An outage as the run's own end: the coordinator backs off and tries again. Retriable errors stay as they are. */
export const asRetriable = (error: unknown, message: string): ConnectError =>
  error instanceof ConnectError && error.retriable ? error : new RetriableError(message, { cause: error });
