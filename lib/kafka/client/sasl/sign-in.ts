import type { Clock } from '../../../foundation/clock.ts';
import type { Random } from '../../../foundation/random.ts';
import { kafkaErrorCodes } from '../../error-codes.ts';
import type { SaslOptions } from '../../ports.ts';
import type { Api } from '../../protocol/api.ts';
import { saslAuthenticateApi, saslHandshakeApi } from '../../protocol/cluster-apis.ts';
import { oauthBearer } from './oauth-bearer.ts';
import { refusal, saslCodes, type SaslPeer } from './sasl-exchange.ts';
import { scram } from './scram.ts';

/** The connection that is signed in to. */
export interface SaslConnection {
  /** Of the broker, for messages. */
  readonly broker: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Sends past whatever waits for the sign-in. */
  ask<Request, Response>(api: Api<Request, Response>, request: Request): Promise<Response>;
}

/** Signs in; answers when to do so again (KIP-368), by the wall clock in milliseconds: infinity for never. */
export async function signIn(sasl: SaslOptions, connection: SaslConnection): Promise<number> {
  const { broker, clock, random } = connection;
  await shakeHands(sasl.mechanism.toUpperCase(), connection);
  let renewAt = Number.POSITIVE_INFINITY;
  const respond = async (message: string): Promise<string> => {
    const askedAt = clock.now();
    const request = { authBytes: Buffer.from(message, 'utf8') };
    const answer = await connection.ask(saslAuthenticateApi, request);
    const { errorCode, errorMessage, authBytes, sessionLifetimeMs } = answer;
    if (errorCode !== 0) throw refusal(errorCode, broker, errorMessage || nameOf(errorCode));
    const sessionMs = Number(sessionLifetimeMs);
    if (sessionMs > 0) renewAt = askedAt + sessionMs - reauthenticationThresholdMs(sessionMs, random);
    return Buffer.from(authBytes ?? []).toString('utf8');
  };
  await exchange(sasl, { broker, respond }, random);
  return renewAt;
}

/**
 * How long before its end a session is renewed. The Java client renews it when 85 to 95 percent are over (KIP-368):
 * spread, so that connections do not sign in all at once; a share, because a broker refuses to be signed in to twice
 * within a second, which a fixed time would lead to in short sessions.
 */
export function reauthenticationThresholdMs(sessionMs: number, random: Random): number {
  return Math.ceil(sessionMs * (0.05 + 0.1 * random.next()));
}

async function shakeHands(mechanism: string, connection: SaslConnection): Promise<void> {
  const { errorCode, mechanisms } = await connection.ask(saslHandshakeApi, { mechanism });
  if (errorCode === 0) return;
  const reasons: Readonly<Record<number, string>> = {
    [saslCodes.unsupportedMechanism]: `${mechanism} is not enabled on its listener, which has ${mechanisms.join(', ') || 'no mechanism'}`,
    [saslCodes.illegalState]: 'its listener has no SASL',
  };
  throw refusal(errorCode, connection.broker, reasons[errorCode] ?? nameOf(errorCode));
}

function exchange(sasl: SaslOptions, peer: SaslPeer, random: Random): Promise<unknown> {
  if (sasl.mechanism === 'oauthbearer') return oauthBearer(sasl, peer);
  const { mechanism, username, password } = sasl;
  // RFC 4616: no other identity than the user's own.
  if (mechanism === 'plain') return peer.respond(`\0${username}\0${password}`);
  const hash = mechanism === 'scram-sha-256' ? 'sha256' : 'sha512';
  return scram(hash, { username, password, nonce: random.token() }, peer);
}

const nameOf = (code: number): string => kafkaErrorCodes[code]?.name ?? `error ${code}`;
