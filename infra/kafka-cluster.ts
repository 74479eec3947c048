import { Token } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ConfigError } from '../lib/api/errors.ts';

/** How the brokers know who calls. */
export class KafkaAuth {
  readonly tls: boolean;
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512' | undefined;
  readonly secret: ISecret | undefined;

  private constructor(tls: boolean, mechanism?: KafkaAuth['mechanism'], secret?: ISecret) {
    this.tls = tls;
    this.mechanism = mechanism;
    this.secret = secret;
  }

  /** Neither encryption nor authentication. */
  static plaintext(): KafkaAuth {
    return new KafkaAuth(false);
  }

  /** Encryption only. */
  static tls(): KafkaAuth {
    return new KafkaAuth(true);
  }

  /** SASL/SCRAM over TLS. The secret holds `{"username": …, "password": …}`, as MSK wants it. */
  static scram(secret: ISecret, mechanism: 'scram-sha-256' | 'scram-sha-512' = 'scram-sha-512'): KafkaAuth {
    return new KafkaAuth(true, mechanism, secret);
  }

  /** SASL/PLAIN over TLS: an API key and its secret, as `username` and `password`. */
  static plain(secret: ISecret): KafkaAuth {
    return new KafkaAuth(true, 'plain', secret);
  }

  /** Lets a function read the credentials. */
  grant(grantee: IGrantable): void {
    this.secret?.grantRead(grantee);
  }
}

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
}

/** Where Kafka is, and how to get in. */
export class KafkaCluster {
  readonly servers: string;
  readonly auth: KafkaAuth;
  readonly network: Network;

  private constructor(servers: string, { auth = KafkaAuth.plaintext(), ...network }: KafkaOptions) {
    this.servers = servers;
    this.auth = auth;
    this.network = network;
  }

  /** Any Kafka, by addresses: `'b1:9092,b2:9092'`. */
  static bootstrapServers(servers: string, options: KafkaOptions = {}): KafkaCluster {
    checkServers('bootstrapServers', servers);
    return new KafkaCluster(servers, options);
  }

  /** Amazon MSK, whose port numbers say how to authenticate. */
  static msk({ bootstrapServers, ...options }: MskOptions): KafkaCluster {
    checkServers('msk', bootstrapServers);
    checkMskPorts(bootstrapServers, options.auth);
    return new KafkaCluster(bootstrapServers, options);
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

const mskPorts: Readonly<Record<string, string>> = {
  '9092': 'KafkaAuth.plaintext()',
  '9094': 'KafkaAuth.tls()',
  '9096': 'KafkaAuth.scram(secret)',
};

function checkMskPorts(servers: string, auth: KafkaAuth): void {
  if (Token.isUnresolved(servers)) return;
  const port = /:(\d+)$/.exec(servers.trim())?.[1] ?? '';
  if (port.endsWith('98')) {
    throw new ConfigError(
      `KafkaCluster.msk: port ${port} is for IAM authentication, which Sluice does not speak yet`,
      {
        hint: 'Turn on SASL/SCRAM for the cluster and use port 9096 with KafkaAuth.scram(secret).',
      },
    );
  }
  const given =
    auth.mechanism !== undefined
      ? 'KafkaAuth.scram(secret)'
      : auth.tls
        ? 'KafkaAuth.tls()'
        : 'KafkaAuth.plaintext()';
  const wanted = mskPorts[port];
  if (wanted !== undefined && wanted !== given) {
    throw new ConfigError(`KafkaCluster.msk: port ${port} needs ${wanted}, but ${given} is given`, {
      hint: 'Take the brokers and the auth of the same listener.',
    });
  }
}
