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
};

/** What the broker ends a handshake with: it is about the certificate of the client, as the client checks its own. */
const alertHints: Readonly<Record<string, string>> = {
  CERTIFICATE_REQUIRED: ownMissing,
  // Java's way to say that there is none, and its word for any it does not trust.
  BAD_CERTIFICATE: ownMissing,
  CERTIFICATE_UNKNOWN: ownRefused,
  CERTIFICATE_EXPIRED: ownRefused,
  CERTIFICATE_REVOKED: ownRefused,
  UNSUPPORTED_CERTIFICATE: ownRefused,
  UNKNOWN_CA: ownRefused,
  ACCESS_DENIED: ownRefused,
  HANDSHAKE_FAILURE: noCommon,
  PROTOCOL_VERSION: noCommon,
};

/** Undefined: the failure is no matter of certificates. */
export function certificateHint(code: string): string | undefined {
  // What stands before ALERT differs from one OpenSSL to the next: SSLV3, TLSV1, TLSV13, SSL/TLS.
  const [, alert] = /^ERR_SSL_.*_ALERT_([A-Z_]+)$/.exec(code) ?? [];
  return alert === undefined ? certificateHints[code] : alertHints[alert];
}

/** OpenSSL's reason out of its error line, which has a thread, a file and a line of its source around it. */
export const opensslReason = (message: string): string =>
  /^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1] ?? message;
