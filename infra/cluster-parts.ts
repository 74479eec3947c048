import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IDestination, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IDependable } from 'constructs';
import type { ConnectorConfig } from '../lib/api/config.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import type { PluginModules } from './plugin-modules.ts';

/** What a connector needs of its cluster. */
export interface ClusterParts {
  readonly groupId: string;
  readonly table: ITable;
  readonly kafka: KafkaCluster;
  readonly coordinator: IFunction;
  /** Behind Custom::SluiceConnector. */
  readonly connectorResource: IFunction;
  readonly modules: PluginModules;
  /** Converters of connectors without their own. */
  readonly workerConfig: ConnectorConfig;
  readonly onFailure: IDestination;
  readonly logRetention: RetentionDays | undefined;
  /** Must exist for as long as a connector does. */
  readonly needed: readonly IDependable[];
}
