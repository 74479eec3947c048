import { Duration, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ConnectorConfig as Keys } from '../lib/api/config.ts';
import { ConfigError } from '../lib/api/errors.ts';
import { defaultWorkerConfig, isExactlyOnceEnabled } from '../lib/plugins/worker-config.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { Connector, type ConnectorProps } from './connector.ts';
import { functionName } from './function-name.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { invoke, wholeTable } from './permissions.ts';
import { PluginModules } from './plugin-modules.ts';
import { TickSchedule } from './schedule.ts';
import { SluiceFunction } from './sluice-function.ts';
import { clusterTable } from './storage.ts';

export interface ConnectClusterProps {
  /** Kafka Connect's `group.id`: names the cluster and, in front, its functions. */
  readonly groupId: string;
  readonly kafka: KafkaCluster;
  /**
   * Modules of plugins of your own, as paths: connectors, transformations, predicates and converters. Each
   * connector's function carries those its config names.
   * @default the bundled plugins only
   */
  readonly plugins?: readonly string[];
  /**
   * Converters of connectors without their own, as in a Connect worker's properties.
   * @default JsonConverter with schemas; SimpleHeaderConverter
   */
  readonly workerConfig?: Keys;
  /**
   * Sources deliver exactly once: Connect's `exactly.once.source.support=enabled` (docs/exactly-once.md). Switch it
   * while the cluster runs: each task changes over between two runs.
   * @default false
   */
  readonly exactlyOnceSources?: boolean;
  /**
   * How many ticks a minute share the connectors, by the hash of their names. Raise it when the coordinator logs that a
   * tick ran out of time, which takes many hundred connectors.
   * @default 1
   */
  readonly shards?: number;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** Refuses to delete the table until switched off. @default false */
  readonly deletionProtection?: boolean;
}

const coordinatorName = 'coordinator';
const connectorResourceName = 'connector-resource';
const ownFunctions = [coordinatorName, connectorResourceName];

/** A Connect cluster without workers: one table, a coordinator that ticks, and a function for each connector. */
export class ConnectCluster extends Construct {
  readonly groupId: string;
  readonly table: ITable;
  readonly coordinator: IFunction;
  /** Events that could not be delivered; empty unless Lambda itself is in trouble. Alarm on it. */
  readonly failedInvocations: IQueue;
  readonly #parts: ClusterParts;
  readonly #connectors: Construct;
  readonly #names = new Map<string, string>();

  constructor(scope: Construct, id: string, props: ConnectClusterProps) {
    super(scope, id);
    checkGroupId(props.groupId);
    this.groupId = props.groupId;
    const modules = new PluginModules(props.plugins);
    this.table = clusterTable(this, 'Table', props);
    this.failedInvocations = this.#queue();
    const coordinator = this.#coordinator(props);
    this.coordinator = coordinator.function;
    const ticks = this.#ticks(props.shards ?? 1);
    const workerConfig = workerConfigOf(props);
    const resource = this.#connectorResource(props, modules, workerConfig);
    this.#connectors = new Construct(this, 'Connectors');
    this.#parts = {
      groupId: this.groupId,
      table: this.table,
      kafka: props.kafka,
      coordinator: this.coordinator,
      connectorResource: resource.function,
      modules,
      workerConfig,
      onFailure: new SqsDestination(this.failedInvocations),
      logRetention: props.logRetention,
      needed: [coordinator, ...ticks, resource],
    };
  }

  /**
   * Adds a connector: a function that carries its plugins, with permissions of its own, and its config in the
   * cluster. Throws a ConfigError at synth where Connect's REST API would answer 400.
   */
  addConnector(id: string, props: ConnectorProps): Connector {
    const name = props.config.name ?? id;
    if (ownFunctions.includes(name)) {
      throw new ConfigError(
        `addConnector: "${name}" cannot name a connector (${props.config.origin}): a function of the cluster is called so`,
      );
    }
    const other = this.#names.get(name);
    if (other !== undefined) {
      throw new ConfigError(
        `addConnector: ${props.config.origin} and ${other} both define connector "${name}"`,
        { hint: 'Give each a "name" of its own.' },
      );
    }
    this.#names.set(name, props.config.origin);
    return new Connector(this.#connectors, id, { ...props, cluster: this.#parts });
  }

  /** The first keeps its id, so that a cluster can be sharded later without a new schedule for it. */
  #ticks(shards: number): TickSchedule[] {
    if (!Number.isInteger(shards) || shards < 1 || shards > 100)
      throw new ConfigError(`ConnectCluster: shards is ${shards}, but must be a whole number from 1 to 100`);
    return Array.from({ length: shards }, (_, shard) => {
      const props = { groupId: this.groupId, coordinator: this.coordinator };
      if (shards === 1) return new TickSchedule(this, 'Tick', props);
      return new TickSchedule(this, shard === 0 ? 'Tick' : `Tick${shard}`, {
        ...props,
        event: { shard, of: shards },
        description: `Tick of connect cluster ${this.groupId}, shard ${shard + 1} of ${shards}`,
      });
    });
  }

  #coordinator({ logRetention }: ConnectClusterProps): SluiceFunction {
    return new SluiceFunction(this, 'Coordinator', {
      functionName: functionName(this.groupId, coordinatorName),
      description: `Coordinator of connect cluster ${this.groupId}: each minute grants the runs that are due`,
      entry: { module: 'coordinator', plugins: [] },
      environment: { SLUICE_TABLE: this.table.tableName },
      memorySize: 256,
      timeout: Duration.minutes(2),
      statements: [wholeTable(this.table.tableArn)],
      logRetention,
      onFailure: new SqsDestination(this.failedInvocations),
    });
  }

  #connectorResource(
    { logRetention }: ConnectClusterProps,
    modules: PluginModules,
    workerConfig: Keys,
  ): SluiceFunction {
    return new SluiceFunction(this, 'ConnectorResource', {
      functionName: functionName(this.groupId, connectorResourceName),
      description: `Takes the connectors of the stack into connect cluster ${this.groupId}`,
      entry: {
        module: 'connector-resource',
        factory: 'createConnectorResourceHandler',
        plugins: modules.paths,
      },
      environment: {
        SLUICE_TABLE: this.table.tableName,
        SLUICE_COORDINATOR: this.coordinator.functionName,
        // What a config is validated against must be what its tasks run with.
        SLUICE_WORKER_CONFIG: JSON.stringify(workerConfig),
      },
      memorySize: 256,
      timeout: Duration.minutes(5),
      statements: [wholeTable(this.table.tableArn), invoke([this.coordinator.functionArn])],
      logRetention,
    });
  }

  #queue(): Queue {
    const queue = new Queue(this, 'FailedInvocations', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(queue).acknowledge(
      { id: 'AwsSolutions-SQS3', reason: 'This is the dead-letter queue.' },
      { id: 'Serverless-SQSRedrivePolicy', reason: 'This is the dead-letter queue.' },
    );
    return queue;
  }
}

/** As the properties file of a Connect worker, without what only a server needs. */
function workerConfigOf({ groupId, workerConfig, exactlyOnceSources = false }: ConnectClusterProps): Keys {
  const all = {
    ...defaultWorkerConfig,
    'group.id': groupId,
    ...(exactlyOnceSources && { 'exactly.once.source.support': 'enabled' }),
    ...workerConfig,
  };
  isExactlyOnceEnabled(all);
  return all;
}

function checkGroupId(groupId: string): void {
  if (/^[A-Za-z0-9_-]{1,40}$/.test(groupId)) return;
  throw new ConfigError(`ConnectCluster: groupId "${groupId}" cannot begin the names of functions`, {
    hint: 'Use 1 to 40 letters, digits, dashes and underscores.',
  });
}
