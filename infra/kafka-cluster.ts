import { Token } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ConfigError } from '../lib/api/errors.ts';
import { KafkaAuth } from './kafka-auth.ts';

export interface Network {
  /**
   * Where the connectors' functions run to reach the brokers.
   * @default none: the brokers have public addresses
   */
  readonly vpc?: IVpc;
  /** @default the VPC's private subnets */
  readonly vpcSubnets?: SubnetSelection;
  /** @default a group of its own for each connector */
  readonly securityGroups?: readonly ISecurityGroup[];
}

export interface KafkaOptions extends Network {
  /** @default KafkaAuth.plaintext() */
  readonly auth?: KafkaAuth;
}

export interface MskOptions extends KafkaOptions {
  /** As `aws kafka get-bootstrap-brokers` prints them. */
  readonly bootstrapServers: string;
  readonly vpc: IVpc;
  readonly auth: KafkaAuth;
  /** What KafkaAuth.iam() gives the connectors permissions on. @default none: needed with KafkaAuth.iam() only */
  readonly clusterArn?: string;
}

export interface MskServerlessOptions extends Network {
  /** As `aws kafka get-bootstrap-brokers` prints it: MSK Serverless has one address, for IAM. */
  readonly bootstrapServers: string;
  readonly clusterArn: string;
  readonly vpc: IVpc;
}

interface Place extends KafkaOptions {
  readonly servers: string;
  readonly clusterArn?: string | undefined;
}

/** Where Kafka is, and how to get in. */
export class KafkaCluster {
  readonly servers: string;
  readonly auth: KafkaAuth;
  readonly network: Network;
  /** Of Amazon MSK. */
  readonly clusterArn: string | undefined;

  private constructor({ servers, clusterArn, auth = KafkaAuth.plaintext(), ...network }: Place) {
    this.servers = servers;
    this.auth = auth;
    this.network = network;
    this.clusterArn = clusterArn;
  }

  /** Any Kafka, by addresses: `'b1:9092,b2:9092'`. */
  static bootstrapServers(servers: string, options: KafkaOptions = {}): KafkaCluster {
    checkServers('bootstrapServers', servers);
    if (options.auth?.mechanism === 'aws-msk-iam') {
      throw new ConfigError(
        'KafkaCluster.bootstrapServers: KafkaAuth.iam() needs the ARN of the cluster, on whose topics it gives permissions',
        { hint: 'Use KafkaCluster.msk({ clusterArn, bootstrapServers, vpc, auth: KafkaAuth.iam() }).' },
      );
    }
    return new KafkaCluster({ servers, ...options });
  }

  /** Amazon MSK, whose port numbers say how to authenticate. */
  static msk({ bootstrapServers: servers, ...options }: MskOptions): KafkaCluster {
    checkServers('msk', servers);
    checkMskPort('msk', servers, options.auth);
    if (options.auth.mechanism === 'aws-msk-iam' && options.clusterArn === undefined) {
      throw new ConfigError('KafkaCluster.msk: KafkaAuth.iam() needs clusterArn', {
        hint: '`aws kafka list-clusters-v2` prints it: arn:aws:kafka:<region>:<account>:cluster/<name>/<id>.',
      });
    }
    checkClusterArn('msk', options.clusterArn);
    return new KafkaCluster({ servers, ...options });
  }

  /** Amazon MSK Serverless, which knows IAM only. */
  static mskServerless({ bootstrapServers: servers, ...options }: MskServerlessOptions): KafkaCluster {
    checkServers('mskServerless', servers);
    checkMskPort('mskServerless', servers, KafkaAuth.iam());
    checkClusterArn('mskServerless', options.clusterArn);
    return new KafkaCluster({ servers, auth: KafkaAuth.iam(), ...options });
  }
}

function checkServers(method: string, servers: string): void {
  if (Token.isUnresolved(servers)) return;
  const wrong = servers.split(',').find((server) => !/^[^:\s/]+:\d{1,5}$/.test(server.trim()));
  if (wrong === undefined) return;
  throw new ConfigError(`KafkaCluster.${method}: "${wrong}" is not host:port`, {
    hint: "Write them as in Kafka's bootstrap.servers: 'b1:9092,b2:9092'.",
  });
}

function checkClusterArn(method: string, arn: string | undefined): void {
  if (arn === undefined || Token.isUnresolved(arn)) return;
  if (/^arn:[a-z-]+:kafka:[^:]+:\d{12}:cluster\/[^/]+\/[^/]+$/.test(arn)) return;
  throw new ConfigError(`KafkaCluster.${method}: "${arn}" is not the ARN of an MSK cluster`, {
    hint: 'It looks like arn:aws:kafka:eu-west-1:111111111111:cluster/shop/1234abcd-1.',
  });
}

/** The last two digits of a port, which a public or a PrivateLink listener shares with the one inside the VPC. */
const mskListeners: Readonly<Record<string, readonly string[]>> = {
  '92': ['KafkaAuth.plaintext()'],
  '94': ['KafkaAuth.tls()', 'KafkaAuth.mtls(secret)'],
  '96': ['KafkaAuth.scram(secret)'],
  '98': ['KafkaAuth.iam()'],
};

function checkMskPort(method: string, servers: string, auth: KafkaAuth): void {
  if (Token.isUnresolved(servers)) return;
  const [, port = '', last = ''] = /:(9\d(9\d))$/.exec(servers.trim()) ?? [];
  const wanted = mskListeners[last];
  if (wanted === undefined || wanted.includes(auth.name)) return;
  throw new ConfigError(
    `KafkaCluster.${method}: port ${port} needs ${wanted.join(' or ')}, but ${auth.name} is given`,
    { hint: 'Take the brokers and the auth of the same listener.' },
  );
}
