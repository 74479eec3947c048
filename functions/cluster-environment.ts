import type { ConnectorConfig } from '../lib/api/config.ts';
import { ConfigError } from '../lib/api/errors.ts';

/** What the stack tells its functions in environment variables; `infra/function-environment.ts` writes the same. */
export interface ClusterEnvironment {
  readonly tableName: string;
  /** Absent where a function does not call it. */
  readonly coordinatorName: string | undefined;
  readonly bootstrapServers: readonly string[];
  readonly tls: boolean;
  /** Absent: nobody signs in, or a client certificate says who. */
  readonly mechanism: SaslMechanism | undefined;
  /** What is secret of the login, and the certificates: docs/kafka-authentication.md says which fields. */
  readonly kafkaSecretArn: string | undefined;
  /** Where the function runs. */
  readonly region: string | undefined;
  /** Converters of connectors without their own. */
  readonly workerConfig: ConnectorConfig;
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer', 'aws-msk-iam'] as const;
export type SaslMechanism = (typeof mechanisms)[number];

export function readClusterEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): ClusterEnvironment {
  const tableName = environment['SLUICE_TABLE'];
  if (tableName === undefined) {
    throw new ConfigError('Environment variable SLUICE_TABLE is not set', {
      hint: 'Deploy this function with ConnectCluster.',
    });
  }
  return {
    tableName,
    coordinatorName: environment['SLUICE_COORDINATOR'],
    bootstrapServers: (environment['SLUICE_BOOTSTRAP_SERVERS'] ?? '')
      .split(',')
      .filter((server) => server !== ''),
    tls: environment['SLUICE_KAFKA_TLS'] === 'true',
    mechanism: mechanismOf(environment['SLUICE_KAFKA_SASL']),
    kafkaSecretArn: environment['SLUICE_KAFKA_SECRET'],
    region: environment['AWS_REGION'],
    workerConfig: JSON.parse(environment['SLUICE_WORKER_CONFIG'] ?? '{}') as ConnectorConfig,
  };
}

function mechanismOf(text: string | undefined): SaslMechanism | undefined {
  const mechanism = mechanisms.find((known) => known === text);
  if (mechanism !== undefined || text === undefined) return mechanism;
  throw new ConfigError(`Environment variable SLUICE_KAFKA_SASL is "${text}", which is no SASL mechanism`, {
    hint: 'Deploy this function with ConnectCluster; its code and its variables are of different versions.',
  });
}
