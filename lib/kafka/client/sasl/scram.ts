import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { errorOf } from '../../error-codes.ts';
import { saslCodes, type SaslPeer } from './sasl-exchange.ts';

export type ScramHash = 'sha256' | 'sha512';

export interface ScramLogin {
  readonly username: string;
  readonly password: string;
  /** Fresh for each exchange; printable, without commas. */
  readonly nonce: string;
}

/** What a broker sends first (RFC 5802, server-first-message). */
interface Challenge {
  /** Ours, and what the broker has added. */
  readonly nonce: string;
  readonly salt: Buffer;
  readonly iterations: number;
}

/** The fewest that RFC 7677 and Kafka allow; so many that a password would take a second marks a broken broker. */
const iterationLimits = { least: 4_096, most: 1_000_000 } as const;
/** No channel binding, no other identity: what precedes the first message, and its base64 in the second. */
const gs2Header = 'n,,';
const derive = promisify(pbkdf2);

/**
 * SCRAM (RFC 5802, RFC 7677). Neither side tells the password; each proves that it knows it, or what was made of it.
 * As Kafka's own client, names and passwords are taken as they are, in UTF-8, without SASLprep.
 */
export async function scram(hash: ScramHash, login: ScramLogin, peer: SaslPeer): Promise<void> {
  const username = login.username.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const first = `n=${username},r=${login.nonce}`;
  const challenge = await peer.respond(gs2Header + first);
  const { nonce, salt, iterations } = readChallenge(challenge, login.nonce, peer);

  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text, 'utf8').digest();
  const hashBytes = createHash(hash).digest().length;
  const salted = await derive(Buffer.from(login.password, 'utf8'), salt, iterations, hashBytes, hash);
  const clientKey = hmac(salted, 'Client Key');
  const storedKey = createHash(hash).update(clientKey).digest();
  const last = `c=${Buffer.from(gs2Header).toString('base64')},r=${nonce}`;
  const exchanged = `${first},${challenge},${last}`;
  const signature = hmac(storedKey, exchanged);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));

  const answer = await peer.respond(`${last},p=${proof.toString('base64')}`);
  const expected = hmac(hmac(salted, 'Server Key'), exchanged);
  checkSignature(answer, expected, peer);
}

function readChallenge(text: string, ourNonce: string, peer: SaslPeer): Challenge {
  const attributes = attributesOf(text);
  const nonce = attributes.get('r') ?? '';
  const salt = Buffer.from(attributes.get('s') ?? '', 'base64');
  const iterations = Number(attributes.get('i'));
  if (attributes.has('m')) throw untrusted(peer, 'it asks for an extension of SCRAM that is not known here');
  if (!nonce.startsWith(ourNonce) || nonce.length === ourNonce.length)
    throw untrusted(peer, 'its nonce does not continue ours');
  if (salt.length === 0) throw untrusted(peer, 'it sent no salt');
  const { least, most } = iterationLimits;
  if (!Number.isInteger(iterations) || iterations < least || iterations > most)
    throw untrusted(
      peer,
      `it asks for ${attributes.get('i') ?? 'no'} iterations, where ${least} to ${most} are allowed`,
    );
  return { nonce, salt, iterations };
}

function checkSignature(answer: string, expected: Buffer, peer: SaslPeer): void {
  const attributes = attributesOf(answer);
  const error = attributes.get('e');
  if (error !== undefined) throw untrusted(peer, error);
  const signature = Buffer.from(attributes.get('v') ?? '', 'base64');
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
    throw untrusted(peer, 'it did not prove that it knows the password');
}

/** `r=…,s=…,i=…`: a letter each; values hold no commas, but `=`. */
function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(',').map((attribute) => [attribute.slice(0, 1), attribute.slice(2)]));
}

function untrusted({ broker }: SaslPeer, reason: string): Error {
  return errorOf(saslCodes.authenticationFailed, {
    message: `Signing in to broker ${broker} with SCRAM failed: ${reason}`,
  });
}
