import { readFile } from 'node:fs/promises';
import { ConfigError } from '../api/errors.ts';
import type { TlsOptions } from '../kafka/ports.ts';

type Properties = ReadonlyMap<string, string>;

/** The `ssl.*` properties of a Java client as options of ours; stores in PEM only (KIP-651). Throws ConfigError. */
export async function tlsOf(properties: Properties): Promise<TlsOptions> {
  if (properties.has('ssl.engine.factory.class')) {
    throw new ConfigError('ssl.engine.factory.class names a Java class, which does not run here', {
      hint: 'Give certificates and keys as ssl.truststore.* and ssl.keystore.* in PEM.',
    });
  }
  const ca = properties.get('ssl.truststore.certificates') ?? (await store('truststore', properties));
  const keystore = await store('keystore', properties);
  const cert = properties.get('ssl.keystore.certificate.chain') ?? keystore;
  const key = properties.get('ssl.keystore.key') ?? keystore;
  const passphrase = properties.get('ssl.key.password');
  // Kafka's default is https; empty switches the check of the host name off (KIP-294).
  const isNameChecked = properties.get('ssl.endpoint.identification.algorithm') !== '';
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(isNameChecked ? {} : { checkServerIdentity: () => undefined }),
  };
}

const conversions = {
  truststore: (path: string) => `keytool -list -rfc -keystore ${path} > truststore.pem`,
  keystore: (path: string) =>
    `keytool -importkeystore -srckeystore ${path} -destkeystore keystore.p12 -deststoretype PKCS12 && openssl pkcs12 -in keystore.p12 -nodes -out keystore.pem`,
} as const;

/** The text of a PEM store; undefined: none is given. */
async function store(kind: 'truststore' | 'keystore', properties: Properties): Promise<string | undefined> {
  const path = properties.get(`ssl.${kind}.location`);
  if (path === undefined || path === '') return undefined;
  const type = properties.get(`ssl.${kind}.type`)?.toUpperCase() ?? 'JKS';
  if (type !== 'PEM') {
    throw new ConfigError(`ssl.${kind}.location: ${path} is of type ${type}, and Sluice reads PEM only`, {
      hint: `Convert it: ${conversions[kind](path)}. Then set ssl.${kind}.location to the new file and ssl.${kind}.type=PEM.`,
    });
  }
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`ssl.${kind}.location: ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
