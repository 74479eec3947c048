import { KafkaError } from '../kafka-error.ts';
import { certificateHint, opensslReason } from './certificate-errors.ts';

/** What is known of failures to connect, by Node's code. */
const connectionHints: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: check host and port, and that the broker runs.',
  ENOTFOUND: 'The name does not resolve: check bootstrap.servers, and the DNS of the VPC.',
  EAI_AGAIN: 'The name does not resolve: check bootstrap.servers, and the DNS of the VPC.',
  ETIMEDOUT: 'No answer: check security groups, subnets and routes between here and the broker.',
  ECONNRESET: 'The broker ended the connection: check that TLS and SASL fit its listener.',
  EPROTO: 'TLS was not understood: check that the listener of the broker speaks TLS.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS was not understood: check that the listener of the broker speaks TLS.',
};

export interface ConnectionFailure {
  /** Node's. */
  readonly code?: string | undefined;
  /** Default: what is known of the code. */
  readonly hint?: string;
}

/** A failure on the way to a broker. It passes, unless certificates are the matter. */
export function connectionError(message: string, { code, hint }: ConnectionFailure = {}): KafkaError {
  const certificate = code === undefined ? undefined : certificateHint(code);
  const known = hint ?? certificate ?? (code === undefined ? undefined : connectionHints[code]);
  return new KafkaError(message, {
    kafkaCode: -1,
    kafkaName: certificate === undefined ? 'NETWORK_EXCEPTION' : 'SSL_AUTHENTICATION_FAILED',
    retriable: certificate === undefined,
    ...(known === undefined ? {} : { hint: known }),
  });
}

/** What a socket failed with. Where a name has several addresses, Node tells what each failed with. */
export function socketError(error: Error, broker: string): KafkaError {
  const { message, code } = error as NodeJS.ErrnoException;
  const reason =
    error instanceof AggregateError
      ? error.errors.map((each: Error) => each.message).join(', ')
      : opensslReason(message);
  return connectionError(`Connection to broker ${broker} failed: ${reason}`, { code });
}

/** What is thrown for an answer that cannot be read: our own bugs stay what they are. */
export function answerError(error: unknown, broker: string): unknown {
  if (!(error instanceof RangeError)) return error;
  return connectionError(`Broker ${broker} sent an answer that cannot be read: ${error.message}`);
}

/** No bootstrap server answered. */
export function unreachable(addresses: readonly string[], last: KafkaError): KafkaError {
  return new KafkaError(`Kafka cannot be reached at ${addresses.join(', ')}: ${last.message}`, {
    kafkaCode: -1,
    kafkaName: 'UNREACHABLE',
    retriable: true,
    hint:
      last.hint ?? 'Check bootstrap.servers, that the brokers run, and that TLS and SASL fit their listener.',
  });
}
