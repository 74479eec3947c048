import { ConfigError } from '../../api/errors.ts';
import { type Clock, systemClock } from '../../foundation/clock.ts';
import { KafkaError } from '../kafka-error.ts';
import type { SaslOptions } from '../ports.ts';
import { cachedToken, type IssuedToken } from './cached-token.ts';

export interface OAuthClient {
  /** `sasl.oauthbearer.token.endpoint.url` */
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
}

const answerMs = 10_000;
/** For endpoints that do not tell how long their tokens live (RFC 6749 recommends that they do). */
const defaultLifeSeconds = 300;

/**
 * OAUTHBEARER with the client credentials grant, as KIP-768 does it: the endpoint gives a token for the client's id and
 * secret. Throws ConfigError for an endpoint that is no https URL.
 */
export function oauthClientCredentials(client: OAuthClient, clock: Clock = systemClock): SaslOptions {
  checkEndpoint(client.tokenEndpoint);
  return {
    mechanism: 'oauthbearer',
    token: cachedToken(() => requestToken(client, clock), clock),
    refusedHint:
      'The brokers did not accept the token: check that they trust its issuer, and its audience and scope.',
  };
}

/** The secret of the client travels there. */
function checkEndpoint(tokenEndpoint: string): void {
  const { protocol, hostname } = URL.canParse(tokenEndpoint)
    ? new URL(tokenEndpoint)
    : { protocol: '', hostname: '' };
  if (protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname)))
    return;
  throw new ConfigError(`The OAuth token endpoint ${tokenEndpoint} is not an https URL`, {
    hint: 'Give the whole URL: https://login.example.com/oauth2/token',
  });
}

async function requestToken(client: OAuthClient, clock: Clock): Promise<IssuedToken> {
  const issuedAt = clock.now();
  try {
    const { status, body } = await post(client);
    const { access_token: value, expires_in: seconds } = body;
    if (status !== 200 || typeof value !== 'string') throw refused(client, status, body);
    const life = typeof seconds === 'number' ? seconds : defaultLifeSeconds;
    return { value, issuedAt, expiresAt: issuedAt + life * 1_000 };
  } catch (error) {
    if (error instanceof KafkaError) throw error;
    throw failure(`The OAuth token endpoint ${client.tokenEndpoint} cannot be reached: ${reasonOf(error)}`, {
      retriable: true,
      hint: 'Check the URL, and that there is a way to it from here: a function in a VPC needs a NAT gateway or an endpoint.',
    });
  }
}

async function post({
  tokenEndpoint,
  clientId,
  clientSecret,
  scope,
}: OAuthClient): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const grant = { grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) };
  const login = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const answer = await fetch(tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${login}`, accept: 'application/json' },
    body: new URLSearchParams(grant),
    redirect: 'error',
    signal: AbortSignal.timeout(answerMs),
  });
  return { status: answer.status, body: fieldsOf(await answer.text()) };
}

/** Answers that are not JSON, such as the pages of a proxy, have no fields. */
function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function refused(client: OAuthClient, status: number, body: Readonly<Record<string, unknown>>): KafkaError {
  const why = [body['error'], body['error_description']].filter((text) => typeof text === 'string');
  const passes = status === 429 || status >= 500;
  return failure(
    `The OAuth token endpoint ${client.tokenEndpoint} gave no token: HTTP ${status}${why.length === 0 ? '' : ` ${why.join(', ')}`}`,
    { retriable: passes, hint: 'Check the id and the secret of the client, and the scope.' },
  );
}

const failure = (message: string, details: { readonly retriable: boolean; readonly hint: string }) =>
  new KafkaError(message, { kafkaCode: -1, kafkaName: 'SASL_AUTHENTICATION_FAILED', ...details });

/** fetch hides the reason in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
