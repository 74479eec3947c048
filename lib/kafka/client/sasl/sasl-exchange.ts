import { errorOf } from '../../error-codes.ts';
import type { KafkaError } from '../../kafka-error.ts';

/** The other side of an exchange of a SASL mechanism. */
export interface SaslPeer {
  /** Who it is, for messages. */
  readonly broker: string;
  /** Says what the mechanism has to say and gives what the broker says to it. Throws KafkaError when it refuses. */
  respond(message: string): Promise<string>;
}

export const saslCodes = { unsupportedMechanism: 33, illegalState: 34, authenticationFailed: 58 } as const;

/** The broker does not let us in; nothing that passes by itself. */
export function refusal(code: number, broker: string, reason: string): KafkaError {
  return errorOf(code, { message: `Broker ${broker} refused to sign in: ${reason}` });
}
