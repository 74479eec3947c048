import type { ConnectorConfig } from '../lib/api/config.ts';
import type { KafkaCluster } from './kafka-cluster.ts';

/** What a worker function is told; `functions/cluster-environment.ts` reads it. */
export function workerEnvironment(
  tableName: string,
  { servers, auth }: KafkaCluster,
  workerConfig: ConnectorConfig,
): Record<string, string> {
  return {
    SLUICE_TABLE: tableName,
    SLUICE_BOOTSTRAP_SERVERS: servers,
    SLUICE_KAFKA_TLS: String(auth.tls),
    ...(auth.mechanism && { SLUICE_KAFKA_SASL: auth.mechanism }),
    ...(auth.secret && { SLUICE_KAFKA_SECRET: auth.secret.secretArn }),
    SLUICE_WORKER_CONFIG: JSON.stringify(workerConfig),
  };
}
