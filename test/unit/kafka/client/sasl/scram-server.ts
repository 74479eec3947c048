import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { ScramHash } from '../../../../../lib/kafka/client/sasl/scram.ts';

export interface ScramUser {
  readonly username: string;
  readonly password: string;
  readonly salt: Buffer;
  readonly iterations: number;
}

/** The broker's side of RFC 5802, written from the other end: it checks the proof and knows no password. */
export class ScramServer {
  readonly #hash: ScramHash;
  readonly #user: ScramUser;
  readonly #nonce: string;
  readonly #storedKey: Buffer;
  readonly #serverKey: Buffer;
  #first = '';
  #challenge = '';

  constructor(hash: ScramHash, user: ScramUser, nonce: string) {
    this.#hash = hash;
    this.#user = user;
    this.#nonce = nonce;
    const length = hash === 'sha256' ? 32 : 64;
    const salted = pbkdf2Sync(user.password, user.salt, user.iterations, length, hash);
    this.#storedKey = createHash(hash).update(this.#hmac(salted, 'Client Key')).digest();
    this.#serverKey = this.#hmac(salted, 'Server Key');
  }

  respond(message: string): string {
    if (this.#challenge === '') return this.#greet(message);
    const [, last = '', proof = ''] = /^(.*),p=([^,]+)$/.exec(message) ?? [];
    const exchanged = `${this.#first},${this.#challenge},${last}`;
    const signature = this.#hmac(this.#storedKey, exchanged);
    const clientKey = Buffer.from(proof, 'base64').map((byte, at) => byte ^ signature[at]!);
    if (!createHash(this.#hash).update(clientKey).digest().equals(this.#storedKey)) return 'e=invalid-proof';
    return `v=${this.#hmac(this.#serverKey, exchanged).toString('base64')}`;
  }

  #greet(message: string): string {
    const [, first = '', name = '', nonce = ''] = /^n,,(n=([^,]*),r=([^,]+))$/.exec(message) ?? [];
    const username = name.replace(/=2C/g, ',').replace(/=3D/g, '=');
    if (username !== this.#user.username) return 'e=unknown-user';
    this.#first = first;
    const { salt, iterations } = this.#user;
    this.#challenge = `r=${nonce}${this.#nonce},s=${salt.toString('base64')},i=${iterations}`;
    return this.#challenge;
  }

  #hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.#hash, key).update(text).digest();
  }
}
