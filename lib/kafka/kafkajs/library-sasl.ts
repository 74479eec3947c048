import type { Exchange, Target } from 'kafkajs/src/broker/saslAuthenticator/plain.js';
import type { Random } from '../../foundation/random.ts';
import { errorOf } from '../error-codes.ts';
import type { SaslOptions } from '../ports.ts';
import type { Library } from './library.ts';

type OAuthOptions = Extract<SaslOptions, { mechanism: 'oauthbearer' }>;

const saslAuthenticationFailed = 58;

/** How a connection of kafkajs signs in. An object of its own for each: kafkajs writes into it. */
export function librarySasl(sasl: SaslOptions, library: Library): unknown {
  const authenticationProvider =
    sasl.mechanism === 'oauthbearer'
      ? (target: Target) => ({ authenticate: () => sendToken(sasl, target) })
      : (target: Target) => ({ authenticate: () => sendPassword(sasl, library, target) });
  return { mechanism: sasl.mechanism, authenticationProvider };
}

/**
 * How long before its end a session is renewed. The Java client renews it when 85 to 95 percent are over (KIP-368):
 * spread, so that connections do not sign in all at once; a share, because a broker refuses to be signed in to twice
 * within a second, which a fixed time would lead to in short sessions.
 */
export function reauthenticationThresholdMs(sessionMs: number, random: Random): number {
  return Math.ceil(sessionMs * (0.05 + 0.1 * random.next()));
}

/**
 * kafkajs makes every failure of the exchange one of the password, a broker that goes down meanwhile too. What the
 * exchange itself failed with is told instead: it says whether trying again helps.
 */
async function sendPassword(
  sasl: Exclude<SaslOptions, OAuthOptions>,
  library: Library,
  target: Target,
): Promise<void> {
  let failure: { readonly reason: unknown } | undefined;
  const saslAuthenticate = async <T>(exchange: Exchange<T>): Promise<T> => {
    try {
      return await target.saslAuthenticate(exchange);
    } catch (reason) {
      failure = { reason };
      throw reason;
    }
  };
  const { username, password } = sasl;
  const exchange = library.passwordExchanges[sasl.mechanism]({ username, password });
  try {
    await exchange({ ...target, saslAuthenticate }).authenticate();
  } catch (error) {
    throw failure === undefined ? error : failure.reason;
  }
}

/**
 * RFC 7628. A broker that refuses the token says so in a challenge, and ends the exchange with an error only when it
 * is answered by a single 0x01. kafkajs' own exchange looks at neither, and takes a refusal for success.
 */
async function sendToken({ token, refusedHint }: OAuthOptions, target: Target): Promise<void> {
  const { host, port, saslAuthenticate } = target;
  const challenge = await saslAuthenticate(message(`n,,\x01auth=Bearer ${await token()}\x01\x01`));
  if (challenge === '') return;
  const refusal = await reasonOf(() => saslAuthenticate(message('\x01')));
  throw errorOf(saslAuthenticationFailed, {
    message: `Broker ${host}:${port} refused the token: ${refusal ?? challenge}`,
    ...(refusedHint === undefined ? {} : { hint: refusedHint }),
  });
}

/** The broker's words; undefined where it has none. */
async function reasonOf(exchange: () => Promise<string>): Promise<string | undefined> {
  try {
    return (await exchange()) || undefined;
  } catch (error) {
    const { code, message } = error as Error & { readonly code?: unknown };
    if (code !== saslAuthenticationFailed) throw error;
    return message;
  }
}

/** Both ways behind the length as INT32, as kafkajs has it. */
function message(text: string): Exchange<string> {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return {
    request: { encode: async () => Buffer.concat([length, bytes]) },
    response: {
      decode: async (answer) => answer.subarray(4).toString('utf8'),
      parse: async (decoded) => String(decoded),
    },
  };
}
