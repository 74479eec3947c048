/**
 * Every failure a user can meet is a ConnectError. Its `code` says what kind it is, `retriable` whether trying
 * again can help, and `hint` what the user can do about it. Vendor errors are translated in a connector's
 * `client.ts` and in adapters only; nothing above them knows a vendor's classes.
 *
 * `javaClass` is the class Kafka Connect throws in the same place: it goes into traces and dead-letter headers,
 * where tools look for it.
 */
export const errorCodes = {
  CONNECT: { javaClass: 'org.apache.kafka.connect.errors.ConnectException', retriable: false },
  RETRIABLE: { javaClass: 'org.apache.kafka.connect.errors.RetriableException', retriable: true },
  DATA: { javaClass: 'org.apache.kafka.connect.errors.DataException', retriable: false },
  SCHEMA_BUILDER: { javaClass: 'org.apache.kafka.connect.errors.SchemaBuilderException', retriable: false },
  SCHEMA_PROJECTOR: {
    javaClass: 'org.apache.kafka.connect.errors.SchemaProjectorException',
    retriable: false,
  },
  CONFIG: { javaClass: 'org.apache.kafka.common.config.ConfigException', retriable: false },
  NOT_FOUND: { javaClass: 'org.apache.kafka.connect.errors.NotFoundException', retriable: false },
  ALREADY_EXISTS: { javaClass: 'org.apache.kafka.connect.errors.AlreadyExistsException', retriable: false },
  ILLEGAL_WORKER_STATE: {
    javaClass: 'org.apache.kafka.connect.errors.IllegalWorkerStateException',
    retriable: false,
  },
  BAD_REQUEST: {
    javaClass: 'org.apache.kafka.connect.runtime.rest.errors.BadRequestException',
    retriable: false,
  },
  SERIALIZATION: { javaClass: 'org.apache.kafka.common.errors.SerializationException', retriable: false },
  RECORD_TOO_LARGE: {
    javaClass: 'org.apache.kafka.common.errors.RecordTooLargeException',
    retriable: false,
  },
  /** Another run owns the task or the offset partition: this run must end without committing (Invariants 3, 4). */
  FENCED: { javaClass: 'org.apache.kafka.common.errors.ProducerFencedException', retriable: false },
  /** A plugin does not do what it was asked for, such as altering its offsets. */
  UNSUPPORTED: { javaClass: 'java.lang.UnsupportedOperationException', retriable: false },
  /** A stored item was written by a newer Sluice: refused, never overwritten (Invariant 9). */
  FORMAT: { javaClass: 'org.apache.kafka.connect.errors.ConnectException', retriable: false },
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface ConnectErrorOptions {
  readonly code?: ErrorCode;
  readonly cause?: unknown;
  /** What the user can do about it: one sentence, shown under the message. */
  readonly hint?: string;
  readonly retriable?: boolean;
}

export class ConnectError extends Error {
  readonly code: ErrorCode;
  readonly retriable: boolean;
  readonly hint: string | undefined;

  constructor(message: string, options: ConnectErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? 'CONNECT';
    this.retriable = options.retriable ?? errorCodes[this.code].retriable;
    this.hint = options.hint;
  }

  get javaClass(): string {
    return errorCodes[this.code].javaClass;
  }
}

/** A failure that goes away by itself (an outage, a throttle): the same work is tried again, nothing is skipped. */
export class RetriableError extends ConnectError {
  constructor(message: string, options: Omit<ConnectErrorOptions, 'code'> = {}) {
    super(message, { ...options, code: 'RETRIABLE' });
  }
}

/** A record that cannot be handled however often it is tried; `errors.tolerance` decides what happens to it. */
export class DataError extends ConnectError {
  constructor(message: string, options: Omit<ConnectErrorOptions, 'code'> = {}) {
    super(message, { ...options, code: 'DATA' });
  }
}

/** A configuration that cannot work. */
export class ConfigError extends ConnectError {
  constructor(message: string, options: Omit<ConnectErrorOptions, 'code'> = {}) {
    super(message, { ...options, code: 'CONFIG' });
  }

  /** Connect's wording: `Invalid value 0 for configuration tasks.max: Value must be at least 1`. */
  static invalid(name: string, value: unknown, why?: string): ConfigError {
    return new ConfigError(
      `Invalid value ${String(value)} for configuration ${name}${why ? `: ${why}` : ''}`,
    );
  }
}

/** Anything thrown, as a ConnectError: a foreign error becomes a non-retriable one that keeps it as its cause. */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  return new ConnectError(error instanceof Error ? error.message : String(error), { cause: error });
}
