import { readFile } from 'node:fs/promises';
import { ConfigError } from '../api/errors.ts';
import { parseProperties } from '../foundation/java/properties.ts';
import type { KafkaSecurity } from '../kafka/ports.ts';
import { saslOf, type SignInPlace } from './sasl-properties.ts';
import { tlsOf } from './tls-properties.ts';

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

/**
 * How to get into Kafka, from the file that Kafka's own tools take as `--command-config`: `security.protocol`, `ssl.*`
 * and `sasl.*` under the names of the Java client. Other properties are left alone. Throws ConfigError.
 */
export async function readClientProperties(path: string, place: SignInPlace): Promise<KafkaSecurity> {
  const properties = await read(path);
  const protocol = properties.get('security.protocol')?.trim().toUpperCase() ?? 'PLAINTEXT';
  if (!protocols.includes(protocol)) {
    throw new ConfigError(`${path}: security.protocol is ${protocol}, which there is not`, {
      hint: `It is one of ${protocols.join(', ')}.`,
    });
  }
  checkUsed(path, protocol, properties);
  const [isTls, isSasl] = [protocol.endsWith('SSL'), protocol.startsWith('SASL')];
  try {
    return {
      tls: isTls && (await tlsOf(properties)),
      ...(isSasl ? { sasl: await saslOf(properties, place) } : {}),
    };
  } catch (error) {
    throw error instanceof ConfigError ? inFile(path, error) : error;
  }
}

/** As a Java client's tools read it: in Latin-1. */
async function read(path: string): Promise<ReadonlyMap<string, string>> {
  try {
    return parseProperties(await readFile(path, 'latin1'));
  } catch (cause) {
    throw new ConfigError(`${path} cannot be read: ${(cause as Error).message}`, {
      cause,
      hint: '--command-config takes a properties file, as the tools of Kafka do.',
    });
  }
}

/** A login that is not used would look like a broker that does not answer. */
function checkUsed(path: string, protocol: string, properties: ReadonlyMap<string, string>): void {
  const unused = [
    ...(protocol.startsWith('SASL') ? [] : ['sasl.mechanism', 'sasl.jaas.config']),
    ...(protocol.endsWith('SSL') ? [] : ['ssl.truststore.location', 'ssl.keystore.location']),
  ].find((name) => properties.has(name));
  if (unused === undefined) return;
  throw new ConfigError(`${path}: ${unused} has no effect with security.protocol=${protocol}`, {
    hint: 'Set security.protocol to what the listener of the broker speaks: SSL, SASL_SSL or SASL_PLAINTEXT.',
  });
}

const inFile = (path: string, { message, hint }: ConfigError): ConfigError =>
  new ConfigError(`${path}: ${message}`, hint === undefined ? {} : { hint });
