import type { ConnectorConfig } from '../lib/api/config.ts';
import { ConfigError } from '../lib/api/errors.ts';

/** What the stack tells its functions in environment variables; `infra/function-environment.ts` writes the same. */
export interface ClusterEnvironment {
  readonly tableName: string;
  /** Absent where a function does not call it. */
  readonly coordinatorName: string | undefined;
  readonly bootstrapServers: readonly string[];
  readonly tls: boolean;
  readonly sasl:
    | { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly secretArn: string }
    | undefined;
  /** Converters of connectors without their own. */
  readonly workerConfig: ConnectorConfig;
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

export function readClusterEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): ClusterEnvironment {
  const tableName = environment['SLUICE_TABLE'];
  if (tableName === undefined) {
    throw new ConfigError('Environment variable SLUICE_TABLE is not set', {
      hint: 'Deploy this function with ConnectCluster.',
    });
  }
  const mechanism = mechanisms.find((known) => known === environment['SLUICE_KAFKA_SASL']);
  return {
    tableName,
    coordinatorName: environment['SLUICE_COORDINATOR'],
    bootstrapServers: (environment['SLUICE_BOOTSTRAP_SERVERS'] ?? '')
      .split(',')
      .filter((server) => server !== ''),
    tls: environment['SLUICE_KAFKA_TLS'] === 'true',
    sasl: mechanism && { mechanism, secretArn: environment['SLUICE_KAFKA_SECRET'] ?? '' },
    workerConfig: JSON.parse(environment['SLUICE_WORKER_CONFIG'] ?? '{}') as ConnectorConfig,
  };
}
