import { describe, expect, it } from 'vitest';
import { certificateHint, opensslReason } from '../../../../lib/kafka/client/certificate-errors.ts';

describe('what is told of a refused certificate', () => {
  it.each([
    ['CERT_HAS_EXPIRED', 'past its time'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'give its CA'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'advertised.listeners'],
    // One alert, as OpenSSL 3.0 and 3.5 call it.
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'give certificate and key'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'give certificate and key'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'give certificate and key'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'truststore of the broker'],
  ])('%s', (code, hint) => {
    expect(certificateHint(code)).toContain(hint);
  });

  it.each(['ECONNRESET', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR'])(
    'nothing for %s, which may pass',
    (code) => {
      expect(certificateHint(code)).toBeUndefined();
    },
  );

  it('is OpenSSL’s reason, without its source files', () => {
    const line =
      '407D6940DF7F0000:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:../deps/record.c:918:SSL alert number 42\n';
    expect(opensslReason(line)).toBe('ssl/tls alert bad certificate');
    expect(opensslReason('self-signed certificate')).toBe('self-signed certificate');
  });
});
