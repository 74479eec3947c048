import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkTls } from '../../../../lib/kafka/auth/check-tls.ts';

const pem = (cipher = {}): string =>
  generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', ...cipher },
  }).privateKey;
const cert = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

describe('certificates for Kafka', () => {
  it('may be absent', () => {
    expect(() => checkTls({})).not.toThrow();
  });

  it.each([
    ['a certificate without its key', { cert }, 'the key is missing', 'Give both'],
    ['a key without its certificate', { key: pem() }, 'the certificate is missing', 'Give both'],
    [
      'a CA in DER or base64',
      { ca: 'MIIBszCCAVmgAwIBAgIU' },
      'CA certificate for Kafka is not in PEM',
      'line ends',
    ],
    ['what only looks like PEM', { ca: cert }, 'cannot be used', 'whole'],
  ])('are refused before a connection is made: %s', (_, tls, message, hint) => {
    expect(() => checkTls(tls)).toThrow(
      expect.objectContaining({
        code: 'CONFIG',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    );
  });

  it('are refused when the password does not open the key', () => {
    const key = pem({ cipher: 'aes-256-cbc', passphrase: 'sesame' });
    expect(() => checkTls({ cert, key, passphrase: 'wrong-one' })).toThrow(
      expect.objectContaining({ code: 'CONFIG', message: expect.not.stringContaining('wrong-one') }),
    );
  });
});
