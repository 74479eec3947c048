import { ConfigError } from '../lib/api/errors.ts';
import { secretsManagerProvider } from '../lib/config-providers/secrets-manager.ts';
import type { Logger } from '../lib/foundation/logger.ts';
import type { KafkaClient, SaslOptions } from '../lib/kafka/ports.ts';
import type { ClusterEnvironment } from './cluster-environment.ts';

/** The environment's one Kafka client, opened on first use; a failure to open it is tried again by the next run. */
export function lazyKafkaClient(
  environment: ClusterEnvironment,
  clientId: string,
  log: Logger,
): () => Promise<KafkaClient> {
  let client: Promise<KafkaClient> | undefined;
  return () => {
    client ??= open(environment, clientId, log).catch((error: unknown) => {
      client = undefined;
      throw error;
    });
    return client;
  };
}

async function open(
  { bootstrapServers, tls, sasl }: ClusterEnvironment,
  clientId: string,
  log: Logger,
): Promise<KafkaClient> {
  const { connectKafka } = await import('../lib/kafka/kafkajs/connect-kafka.ts');
  return connectKafka(
    { bootstrapServers, clientId, tls, ...(sasl ? { sasl: await credentials(sasl) } : {}) },
    { log },
  );
}

async function credentials({
  mechanism,
  secretArn,
}: NonNullable<ClusterEnvironment['sasl']>): Promise<SaslOptions> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const provider = secretsManagerProvider(async (secretId) => {
    const answer = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: secretId }));
    return answer.SecretString ?? '';
  });
  const { username, password } = await provider.get(secretArn, ['username', 'password']);
  if (username === undefined || password === undefined) {
    throw new ConfigError(`Secret ${secretArn} lacks username or password`, {
      hint: 'Store it as {"username": "…", "password": "…"}.',
    });
  }
  return { mechanism, username, password };
}
