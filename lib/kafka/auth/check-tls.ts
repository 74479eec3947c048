import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../../api/errors.ts';
import type { TlsOptions } from '../ports.ts';

/**
 * Certificates and keys that cannot be read are told when a client is made, and as what they are: in a handshake they
 * would look like a broker that cannot be reached. Throws ConfigError, which quotes nothing of them.
 */
export function checkTls(tls: TlsOptions): void {
  const { ca, cert, key, passphrase } = tls;
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigError(
      `A client certificate needs its key and a key its certificate: the ${key === undefined ? 'key' : 'certificate'} is missing`,
      { hint: 'Give both in PEM, or neither.' },
    );
  }
  for (const [what, pem] of Object.entries({ 'CA certificate': ca, 'client certificate': cert, key })) {
    if (pem === undefined || /-----BEGIN [A-Z0-9 ]+-----/.test(pem)) continue;
    throw new ConfigError(`The ${what} for Kafka is not in PEM`, {
      hint: 'PEM is text with "-----BEGIN …-----"; its line ends must be kept, as \\n in JSON.',
    });
  }
  try {
    // A secure context passes over a CA that it cannot read.
    const authority = ca === undefined ? undefined : new X509Certificate(ca).toString();
    createSecureContext({
      ...(authority === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`The certificates for Kafka cannot be used: ${message}`, {
      hint:
        code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'
          ? 'Certificate and key are not of one pair.'
          : 'Check that certificate and key are whole, and the password of the key.',
    });
  }
}
