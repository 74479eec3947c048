import { Annotations, CustomResource, Duration, Stack, Token } from 'aws-cdk-lib';
import type { IGrantable, IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { FileSystem, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ConnectorConfig as Keys } from '../lib/api/config.ts';
import { ConfigError } from '../lib/api/errors.ts';
import { isExactlyOnceEnabled } from '../lib/plugins/worker-config.ts';
import { checkConfig } from './check-config.ts';
import type { ClusterParts } from './cluster-parts.ts';
import type { ConnectorConfig } from './connector-config.ts';
import { describeConnector } from './description.ts';
import { workerEnvironment } from './function-environment.ts';
import { defaultMemorySize } from './function-memory.ts';
import { functionName } from './function-name.ts';
import type { Network } from './kafka-cluster.ts';
import {
  acknowledgeTopicPrefixes,
  kafkaStatements,
  topicAccess,
  withTransactions,
} from './kafka-permissions.ts';
import { needsFilesystem } from './local-files.ts';
import { invoke, secretsOf, tableOfConnector, variablesOf } from './permissions.ts';
import { TickSchedule } from './schedule.ts';
import { SluiceFunction } from './sluice-function.ts';

export interface ConnectorProps {
  readonly config: ConnectorConfig;
  /**
   * How often a draining connector runs: `Schedule.rate(Duration.minutes(5))`. Written into the config as
   * `lambda.schedule`.
   * @default the config's `lambda.schedule`, else every minute
   */
  readonly schedule?: { readonly expressionString: string };
  /**
   * A tick of its own each minute, so that it never waits for the others. For the connectors that matter most in a
   * cluster of hundreds.
   * @default false
   */
  readonly ownSchedule?: boolean;
  /** Megabytes; CPU comes in proportion. @default 512 */
  readonly memorySize?: number;
  /** @default Duration.minutes(15) */
  readonly timeout?: Duration;
  /** Variables of the function, for `${env:NAME}` in the config. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with the connector to let it in: `grants: [(to) => bucket.grantRead(to)]`. @default none */
  readonly grants?: readonly ((grantee: IGrantable) => unknown)[];
  /**
   * With KafkaAuth.iam(): the topics a source writes or a sink reads, as names or beginnings: `['orders', 'shop-*']`.
   * Dead letters are added.
   * @default what the config says; needed where that cannot be told, such as with a RegexRouter
   */
  readonly topics?: readonly string[];
  /** Where the function runs. @default where Kafka is */
  readonly network?: Network;
  /** A disk that outlives the function, for connectors that read or write files. @default none */
  readonly filesystem?: FileSystem;
}

interface Props extends ConnectorProps {
  readonly cluster: ClusterParts;
}

/** One connector: its function, what that may do, and its config in the cluster. */
export class Connector extends Construct implements IGrantable {
  readonly connectorName: string;
  readonly function: IFunction;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const { cluster, config } = props;
    this.connectorName = config.name ?? id;
    const keys = withSchedule(this.connectorName, config.keys, props.schedule);
    const { validation, warnings, inertOverrides } = checkConfig(
      this.connectorName,
      keys,
      cluster.modules.registry,
      cluster.workerConfig,
    );
    this.#warn('unknown-key', config.origin, warnings);
    this.#warn('client-override', config.origin, inertOverrides);
    this.#check(props, keys, validation.class);

    const onKafka = this.#onKafka(props, keys, validation.type);
    const worker = new SluiceFunction(this, 'Worker', {
      functionName: functionName(cluster.groupId, this.connectorName),
      description: describeConnector(validation.type, validation.class, keys),
      entry: {
        module: 'worker',
        factory: 'createWorkerHandler',
        plugins: cluster.modules.pathsFor({ ...cluster.workerConfig, ...keys }),
      },
      environment: {
        ...workerEnvironment(cluster.table.tableName, cluster.kafka, cluster.workerConfig),
        ...props.environment,
      },
      memorySize: props.memorySize ?? defaultMemorySize,
      timeout: props.timeout ?? Duration.minutes(15),
      statements: [
        ...tableOfConnector(cluster.table.tableArn, this.connectorName),
        ...secretsOf(this, keys),
        ...onKafka,
      ],
      logRetention: cluster.logRetention,
      onFailure: cluster.onFailure,
      filesystem: props.filesystem,
      ...(props.network ?? cluster.kafka.network),
    });
    acknowledgeTopicPrefixes(worker, onKafka);
    this.function = worker.function;
    this.grantPrincipal = worker.function.grantPrincipal;
    cluster.kafka.auth.grant(this);
    for (const grant of props.grants ?? []) grant(this);
    cluster.coordinator.grantPrincipal.addToPrincipalPolicy(invoke([worker.function.functionArn]));
    this.#store(cluster, keys, worker);
    if (props.ownSchedule === true) {
      new TickSchedule(this, 'Tick', {
        groupId: cluster.groupId,
        coordinator: cluster.coordinator,
        event: { connectors: [this.connectorName] },
        description: `Tick of connector ${this.connectorName} of connect cluster ${cluster.groupId}`,
      });
    }
  }

  /** Hands the config to the herder. Depends on all a run needs, so that a deleted connector can end its runs. */
  #store(cluster: ClusterParts, keys: Keys, worker: SluiceFunction): void {
    const resource = new CustomResource(this, 'Config', {
      resourceType: 'Custom::SluiceConnector',
      serviceToken: cluster.connectorResource.functionArn,
      serviceTimeout: Duration.minutes(10),
      properties: {
        Name: this.connectorName,
        // As text: CloudFormation would make strings of what is not, and lose empty values.
        Config: Stack.of(this).toJsonString(keys),
        FunctionName: worker.function.functionName,
        CodeVersion: worker.codeVersion,
      },
    });
    resource.node.addDependency(worker, ...cluster.needed);
  }

  /** With IAM the brokers ask for permissions on each topic; else the login says what it may do. */
  #onKafka({ cluster, config, topics }: Props, keys: Keys, type: 'source' | 'sink'): PolicyStatement[] {
    const { clusterArn, auth } = cluster.kafka;
    if (clusterArn === undefined || auth.mechanism !== 'aws-msk-iam') return [];
    const named = { ...keys, name: this.connectorName };
    const access = topicAccess(type, named, cluster.modules.registry, topics);
    if (access !== undefined) {
      const isExactlyOnce = type === 'source' && isExactlyOnceEnabled(cluster.workerConfig);
      return kafkaStatements(
        clusterArn,
        isExactlyOnce ? withTransactions(access, named, cluster.workerConfig) : access,
      );
    }
    throw new ConfigError(
      `addConnector: the config of connector "${this.connectorName}" (${config.origin}) does not tell its topics, and with IAM its function needs permissions on each`,
      { hint: "Give addConnector `topics: ['orders', 'shop-*']`: names, or beginnings with a * behind." },
    );
  }

  #warn(kind: string, origin: string, warnings: readonly string[]): void {
    for (const warning of warnings)
      Annotations.of(this).addWarningV2(`sluice:${kind}:${this.connectorName}`, `${origin}: ${warning}`);
  }

  #check(
    { config, environment = {}, filesystem, timeout }: ConnectorProps,
    keys: Keys,
    className: string,
  ): void {
    const at = `addConnector: connector "${this.connectorName}" (${config.origin})`;
    if (Token.isUnresolved(this.connectorName))
      throw new ConfigError(
        'addConnector: the name of a connector must be known at synth, but is a CDK token',
      );
    const missing = variablesOf(keys).filter((name) => !(name in environment));
    if (missing.length > 0) {
      throw new ConfigError(`${at} refers to \${env:${missing[0]}}, but its function has no such variable`, {
        hint: `Give \`environment: { ${missing.join(', ')} }\` to addConnector.`,
      });
    }
    const reserved = Object.keys(environment).find((name) => /^(SLUICE_|AWS_|NODE_OPTIONS$)/.test(name));
    if (reserved !== undefined)
      throw new ConfigError(
        `${at}: environment variable ${reserved} is set by Sluice or Lambda; choose another name`,
      );
    if (timeout !== undefined && timeout.toSeconds() < 60) {
      throw new ConfigError(
        `${at}: a timeout of ${timeout.toSeconds()} s leaves a run no time to work: 15 s of it are kept back to commit and release`,
        {
          hint: 'Give at least Duration.minutes(1). A drain ends when it has caught up, whatever the timeout.',
        },
      );
    }
    if (filesystem === undefined && needsFilesystem(className)) {
      throw new ConfigError(`${at} reads or writes files, and a function's own disk is gone with it`, {
        hint: 'Mount one with `filesystem: lambda.FileSystem.fromEfsAccessPoint(…)`, or run this connector with `sluice dev`.',
      });
    }
  }
}

function withSchedule(name: string, keys: Keys, schedule: ConnectorProps['schedule']): Keys {
  if (schedule === undefined) return keys;
  const given = keys['lambda.schedule'];
  if (given !== undefined && given !== schedule.expressionString) {
    throw new ConfigError(
      `addConnector: connector "${name}" has schedule ${schedule.expressionString}, but its config says lambda.schedule=${given}`,
      { hint: 'Remove one of them.' },
    );
  }
  return { ...keys, 'lambda.schedule': schedule.expressionString };
}
