import type { ErrorCode } from '../api/errors.ts';
import { KafkaError } from './kafka-error.ts';

interface FailureKind {
  /** The producer object is of no use any more: each later call on it throws this failure again. */
  readonly spent: boolean;
  readonly code: ErrorCode;
  readonly retriable: boolean;
  readonly hint: string;
}

/**
 * How a transaction fails, and what its caller must do. Only after OUTCOME_UNKNOWN may something of it be committed.
 *
 * - FENCED: another producer has initialised the transactional id, or the broker aborted the transaction at its
 *   timeout, which looks the same. Whoever is not sure to be the owner ends here.
 * - ABORTABLE: records were refused, and the transaction was aborted. The producer is good for the next `run`.
 * - RETRIABLE: Kafka could not be reached in time, or no longer follows this producer. Later: a new producer object,
 *   `init`, and the same work again.
 * - FATAL: no repetition helps; the hint says what to change.
 * - OUTCOME_UNKNOWN: the commit was sent and not answered. A new producer object, `init` (which waits until the
 *   transaction has ended), then read what is committed: that tells.
 */
export const transactionFailures = {
  FENCED: {
    spent: true,
    code: 'FENCED',
    retriable: false,
    hint: 'Another producer has taken over the transactional id, or the transaction outlived its timeout.',
  },
  ABORTABLE: {
    spent: false,
    code: 'CONNECT',
    retriable: false,
    hint: 'The transaction was aborted: nothing of it is visible to readers of committed records.',
  },
  RETRIABLE: {
    spent: true,
    code: 'RETRIABLE',
    retriable: true,
    hint: 'Nothing was committed: do it again with a new transactional producer.',
  },
  FATAL: {
    spent: true,
    code: 'CONNECT',
    retriable: false,
    hint: 'Nothing was committed, and a repetition will fail likewise.',
  },
  OUTCOME_UNKNOWN: {
    spent: true,
    code: 'CONNECT',
    retriable: false,
    hint: 'Initialise a new transactional producer, then read what is committed before going on.',
  },
} as const satisfies Readonly<Record<string, FailureKind>>;

export type TransactionFailure = keyof typeof transactionFailures;

/** A failure of a transaction. Code, name and place are those of the Kafka error behind it, where there is one. */
export class TransactionError extends KafkaError {
  readonly failure: TransactionFailure;

  constructor(failure: TransactionFailure, message: string, cause?: unknown) {
    const { code, retriable, hint } = transactionFailures[failure];
    const kafka = cause instanceof KafkaError ? cause : undefined;
    super(message, {
      code,
      retriable: failure === 'ABORTABLE' ? (kafka?.retriable ?? retriable) : retriable,
      kafkaCode: kafka?.kafkaCode ?? -1,
      kafkaName: kafka?.kafkaName ?? failure,
      hint: kafka?.hint ?? hint,
      ...(cause === undefined ? {} : { cause }),
      ...(kafka?.topic === undefined ? {} : { topic: kafka.topic }),
      ...(kafka?.partition === undefined ? {} : { partition: kafka.partition }),
    });
    this.failure = failure;
  }

  get spent(): boolean {
    return transactionFailures[this.failure].spent;
  }
}

/** Brokers answer the old request versions with INVALID_PRODUCER_EPOCH (47) where newer ones get PRODUCER_FENCED. */
const fenced = new Set([47, 90]);
/** Sequence, state or mapping of the producer are not what the broker has: init of a new object puts it right. */
const outOfStep = new Set([45, 48, 49, 59]);
/** Rights, versions and limits; -1: closed, or a broker that fails for a reason of its own. */
const hopeless = new Set([-1, 31, 33, 34, 35, 50, 53, 54, 58]);

/** A failed init or end of a transaction, as its caller is to see it. */
export function coordinationFailure(error: KafkaError): TransactionFailure {
  if (fenced.has(error.kafkaCode)) return 'FENCED';
  return error.retriable || outOfStep.has(error.kafkaCode) ? 'RETRIABLE' : 'FATAL';
}

/** A failed send. `inDoubt`: a batch may be appended, or still be on its way. */
export function sendFailure(error: unknown, inDoubt: boolean): TransactionFailure {
  if (!(error instanceof KafkaError)) return inDoubt ? 'RETRIABLE' : 'ABORTABLE';
  if (fenced.has(error.kafkaCode)) return 'FENCED';
  if (!error.retriable && hopeless.has(error.kafkaCode)) return 'FATAL';
  return inDoubt || outOfStep.has(error.kafkaCode) ? 'RETRIABLE' : 'ABORTABLE';
}
