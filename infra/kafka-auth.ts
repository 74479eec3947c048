import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** As `functions/cluster-environment.ts` reads it. */
type Mechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512' | 'oauthbearer' | 'aws-msk-iam';

interface Login {
  /** The call that makes it, for messages. */
  readonly name: string;
  readonly tls: boolean;
  readonly mechanism?: Mechanism;
  readonly secret?: ISecret | undefined;
}

/**
 * How the brokers know who calls. Any of the secrets may hold `ca` as well: in PEM, who signed the brokers'
 * certificates, where that is not a public authority. docs/kafka-authentication.md has them all.
 */
export class KafkaAuth {
  readonly name: string;
  readonly tls: boolean;
  readonly mechanism: Mechanism | undefined;
  readonly secret: ISecret | undefined;

  private constructor({ name, tls, mechanism, secret }: Login) {
    this.name = name;
    this.tls = tls;
    this.mechanism = mechanism;
    this.secret = secret;
  }

  /** Neither encryption nor authentication. */
  static plaintext(): KafkaAuth {
    return new KafkaAuth({ name: 'KafkaAuth.plaintext()', tls: false });
  }

  /** Encryption only. A secret is needed for a `ca` of one's own. */
  static tls(secret?: ISecret): KafkaAuth {
    return new KafkaAuth({ name: 'KafkaAuth.tls()', tls: true, secret });
  }

  /** SASL/SCRAM over TLS. The secret holds `{"username": …, "password": …}`, as MSK wants it. */
  static scram(secret: ISecret, mechanism: 'scram-sha-256' | 'scram-sha-512' = 'scram-sha-512'): KafkaAuth {
    return new KafkaAuth({ name: 'KafkaAuth.scram(secret)', tls: true, mechanism, secret });
  }

  /** SASL/PLAIN over TLS: an API key and its secret, as `username` and `password`. */
  static plain(secret: ISecret): KafkaAuth {
    return new KafkaAuth({ name: 'KafkaAuth.plain(secret)', tls: true, mechanism: 'plain', secret });
  }

  /**
   * A client certificate. The secret holds `certificate` (with its chain), `privateKey` and, if that is encrypted,
   * `privateKeyPassword`, all in PEM: the format Lambda's own Kafka triggers use.
   */
  static mtls(secret: ISecret): KafkaAuth {
    return new KafkaAuth({ name: 'KafkaAuth.mtls(secret)', tls: true, secret });
  }

  /**
   * SASL/OAUTHBEARER over TLS with tokens of an OAuth server (client credentials). The secret holds `tokenEndpoint`,
   * `clientId`, `clientSecret` and perhaps `scope`.
   */
  static oauth(secret: ISecret): KafkaAuth {
    return new KafkaAuth({ name: 'KafkaAuth.oauth(secret)', tls: true, mechanism: 'oauthbearer', secret });
  }

  /** The role of each connector's function, which may do what its connector does and no more. Amazon MSK only. */
  static iam(): KafkaAuth {
    return new KafkaAuth({ name: 'KafkaAuth.iam()', tls: true, mechanism: 'aws-msk-iam' });
  }

  /** Lets a function read the credentials. */
  grant(grantee: IGrantable): void {
    this.secret?.grantRead(grantee);
  }
}
