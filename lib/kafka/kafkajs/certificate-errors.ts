/** What to do about a TLS handshake that certificates end, by Node's code. None of them passes by itself. */

const untrusted =
  'The certificate of the broker is not trusted: give its CA in the tls options of the Kafka cluster.';
const wrongName =
  'Take a name in bootstrap.servers, and in advertised.listeners of the broker, that its certificate is for.';
const expired =
  'The certificate of the broker, or of its CA, is past its time: renew it, and check the clock here.';
const ownMissing =
  'The broker wants a client certificate: give certificate and key (mTLS), or use another listener.';
const ownRefused =
  'The broker does not accept the client certificate: check that it is valid, complete with its chain, and signed by a CA in the truststore of the broker.';
const noCommon =
  'Client and broker have no TLS version or cipher in common: check ssl.enabled.protocols of the broker.';

const certificateHints: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  CERT_HAS_EXPIRED: expired,
  CERT_NOT_YET_VALID: expired,
  ERR_TLS_CERT_ALTNAME_INVALID: wrongName,
  // Alerts of the broker, about the certificate of the client.
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: ownMissing,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: ownRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: ownRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: ownRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: ownRefused,
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: ownRefused,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: ownRefused,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: noCommon,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: noCommon,
};

/** Undefined: the failure is no matter of certificates. */
export const certificateHint = (code: string): string | undefined => certificateHints[code];
