import { ConnectError, type ErrorCode } from '../api/errors.ts';

export interface KafkaErrorDetails {
  /** Kafka's numeric error code; -1 for failures of the connection. */
  readonly kafkaCode: number;
  /** Kafka's name for it, such as NOT_LEADER_OR_FOLLOWER. */
  readonly kafkaName: string;
  readonly retriable: boolean;
  /** Default: RETRIABLE or CONNECT, as `retriable` says. */
  readonly code?: ErrorCode;
  readonly topic?: string;
  readonly partition?: number;
  readonly cause?: unknown;
  readonly hint?: string;
}

/** A failure of Kafka or of the way to it. No class of a client library gets past the adapter. */
export class KafkaError extends ConnectError {
  readonly kafkaCode: number;
  readonly kafkaName: string;
  readonly topic: string | undefined;
  readonly partition: number | undefined;

  constructor(message: string, details: KafkaErrorDetails) {
    super(message, {
      code: details.code ?? (details.retriable ? 'RETRIABLE' : 'CONNECT'),
      retriable: details.retriable,
      ...(details.cause === undefined ? {} : { cause: details.cause }),
      ...(details.hint === undefined ? {} : { hint: details.hint }),
    });
    this.kafkaCode = details.kafkaCode;
    this.kafkaName = details.kafkaName;
    this.topic = details.topic;
    this.partition = details.partition;
  }
}

/** The caller uses what it closed: no retry helps. */
export function closedError(what: 'client' | 'producer'): KafkaError {
  return new KafkaError(`The Kafka ${what} was closed`, {
    kafkaCode: -1,
    kafkaName: 'CLOSED',
    retriable: false,
  });
}
