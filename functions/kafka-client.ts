import type { ConfigProvider } from '../lib/config-providers/placeholders.ts';
import type { Logger } from '../lib/foundation/logger.ts';
import type { KafkaClient } from '../lib/kafka/ports.ts';
import type { ClusterEnvironment } from './cluster-environment.ts';
import { kafkaSecurity } from './kafka-security.ts';

export interface KafkaClientDeps {
  readonly clientId: string;
  /** Reads the cluster's secret. */
  readonly secrets: ConfigProvider;
  readonly log: Logger;
}

/** The environment's one Kafka client, opened on first use; a failure to open it is tried again by the next run. */
export function lazyKafkaClient(
  environment: ClusterEnvironment,
  deps: KafkaClientDeps,
): () => Promise<KafkaClient> {
  let client: Promise<KafkaClient> | undefined;
  return () => {
    client ??= open(environment, deps).catch((error: unknown) => {
      client = undefined;
      throw error;
    });
    return client;
  };
}

async function open(
  environment: ClusterEnvironment,
  { clientId, secrets, log }: KafkaClientDeps,
): Promise<KafkaClient> {
  const { connectKafka } = await import('../lib/kafka/client/connect-kafka.ts');
  const { bootstrapServers } = environment;
  const security = await kafkaSecurity(environment, secrets);
  return connectKafka({ bootstrapServers, clientId, ...security }, { log });
}
