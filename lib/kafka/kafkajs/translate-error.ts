import { errorOf } from '../error-codes.ts';
import { KafkaError } from '../kafka-error.ts';
import { certificateHint, opensslReason } from './certificate-errors.ts';

interface LibraryError extends Error {
  readonly code?: number | string;
  readonly retriable?: boolean;
}

/** What is known of failures to connect, by Node's code. */
const connectionHints: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: check host and port, and that the broker runs.',
  ENOTFOUND: 'The name does not resolve: check bootstrap.servers, and the DNS of the VPC.',
  EAI_AGAIN: 'The name does not resolve: check bootstrap.servers, and the DNS of the VPC.',
  ETIMEDOUT: 'No answer: check security groups, subnets and routes between here and the broker.',
  ECONNRESET: 'The broker ended the connection: check that TLS and SASL fit its listener.',
  EPROTO: 'TLS was not understood: check that the listener of the broker speaks TLS.',
};

/** What a broker connection threw, in our own words. Library errors are not kept as causes: no class leaks. */
export function translateError(error: unknown, address: string): unknown {
  if (error instanceof KafkaError || !(error instanceof Error)) return error;
  const { name, message, code } = error as LibraryError;
  if (name === 'KafkaJSSASLAuthenticationError') return signInError(58, address, message);
  if (name === 'KafkaJSProtocolError' && typeof code === 'number') {
    return code === 33 || code === 34 || code === 58 ? signInError(code, address, message) : errorOf(code);
  }
  if (name === 'KafkaJSRequestTimeoutError')
    return connectionError(`Broker ${address} did not answer in time`, 'ETIMEDOUT');
  if (name === 'KafkaJSConnectionError' || name === 'KafkaJSConnectionClosedError') {
    const cause = typeof code === 'string' ? code : message.includes('timeout') ? 'ETIMEDOUT' : undefined;
    return connectionError(
      `Connection to broker ${address} failed: ${opensslReason(message.replace(/^Connection error: /, ''))}`,
      cause,
    );
  }
  if (error instanceof RangeError)
    return connectionError(`Broker ${address} sent an answer that cannot be read: ${message}`);
  if (name.startsWith('KafkaJS'))
    return connectionError(`Connection to broker ${address} failed: ${message}`);
  return error;
}

export function connectionError(message: string, code?: string): KafkaError {
  const certificate = code === undefined ? undefined : certificateHint(code);
  const hint = certificate ?? (code === undefined ? undefined : connectionHints[code]);
  return new KafkaError(message, {
    kafkaCode: -1,
    kafkaName: certificate === undefined ? 'NETWORK_EXCEPTION' : 'SSL_AUTHENTICATION_FAILED',
    retriable: certificate === undefined,
    ...(hint === undefined ? {} : { hint }),
  });
}

function signInError(code: number, address: string, message: string): KafkaError {
  return errorOf(code, { message: `Broker ${address} refused to sign in: ${message}` });
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
