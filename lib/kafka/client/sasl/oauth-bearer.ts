import { errorOf } from '../../error-codes.ts';
import { KafkaError } from '../../kafka-error.ts';
import type { SaslOptions } from '../../ports.ts';
import { refusal, saslCodes, type SaslPeer } from './sasl-exchange.ts';

type OAuthOptions = Extract<SaslOptions, { mechanism: 'oauthbearer' }>;

/**
 * RFC 7628. A broker that refuses the token says so in a challenge, and ends the exchange with an error only when it
 * is answered by a single 0x01. The error tells why in words, where the challenge has but a code.
 */
export async function oauthBearer({ token, refusedHint }: OAuthOptions, peer: SaslPeer): Promise<void> {
  const bearer = await token();
  try {
    const challenge = await peer.respond(`n,,\x01auth=Bearer ${bearer}\x01\x01`);
    if (challenge === '') return;
    await peer.respond('\x01');
    throw refusal(saslCodes.authenticationFailed, peer.broker, challenge);
  } catch (error) {
    if (!(error instanceof KafkaError) || error.kafkaCode !== saslCodes.authenticationFailed) throw error;
    const hint = refusedHint === undefined ? {} : { hint: refusedHint };
    throw errorOf(saslCodes.authenticationFailed, { message: error.message, ...hint });
  }
}
