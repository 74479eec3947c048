import { ConfigError, toConnectError } from '../lib/api/errors.ts';
import type { ConfigProvider } from '../lib/config-providers/placeholders.ts';
import type { KafkaSecurity, SaslOptions, TlsOptions } from '../lib/kafka/ports.ts';
import type { ClusterEnvironment } from './cluster-environment.ts';

/** Fields of the cluster's secret. Names are those of AWS: of Amazon MSK for logins, of Lambda for certificates. */
const secretFields = [
  'username',
  'password',
  'ca',
  'certificate',
  'privateKey',
  'privateKeyPassword',
  'tokenEndpoint',
  'clientId',
  'clientSecret',
  'scope',
] as const;
type SecretFields = Readonly<Partial<Record<(typeof secretFields)[number], string>>>;

/** How the function gets into Kafka; reads the secret, if there is one. Throws ConfigError for what it lacks. */
export async function kafkaSecurity(
  environment: ClusterEnvironment,
  secrets: ConfigProvider,
): Promise<KafkaSecurity> {
  const { tls, kafkaSecretArn } = environment;
  const fields = kafkaSecretArn === undefined ? {} : await readSecret(kafkaSecretArn, secrets);
  const sasl = await saslOf(environment, fields);
  return { tls: tls && tlsOf(fields), ...(sasl === undefined ? {} : { sasl }) };
}

async function readSecret(arn: string, secrets: ConfigProvider): Promise<SecretFields> {
  try {
    return await secrets.get(arn, secretFields);
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw thrown;
    const cause = toConnectError(thrown);
    throw new ConfigError(`Secret ${arn} cannot be read to sign in to Kafka: ${cause.message}`, {
      cause,
      // What the SDK could not do after its own tries may be an outage: the next run tries again.
      retriable: true,
      hint: 'Check that the secret is there; a function in a VPC needs a NAT gateway or an endpoint for Secrets Manager.',
    });
  }
}

function tlsOf({ ca, certificate, privateKey, privateKeyPassword }: SecretFields): TlsOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(privateKey === undefined ? {} : { key: privateKey }),
    ...(privateKeyPassword === undefined ? {} : { passphrase: privateKeyPassword }),
  };
}

/** What only some clusters need is loaded for those. */
async function saslOf(
  environment: ClusterEnvironment,
  fields: SecretFields,
): Promise<SaslOptions | undefined> {
  const { mechanism, kafkaSecretArn, bootstrapServers, region } = environment;
  const need = (field: keyof SecretFields): string => {
    const value = fields[field];
    if (value !== undefined) return value;
    throw new ConfigError(`Secret ${kafkaSecretArn ?? ''} lacks ${field}, which ${mechanism ?? ''} needs`, {
      hint: 'docs/kafka-authentication.md says which fields it must have.',
    });
  };
  switch (mechanism) {
    case undefined:
      return undefined;
    case 'aws-msk-iam': {
      const { mskIam } = await import('../lib/kafka/auth/msk-iam.ts');
      return mskIam({ bootstrapServers, region });
    }
    case 'oauthbearer': {
      const { oauthClientCredentials } = await import('../lib/kafka/auth/oauth-token.ts');
      const client = {
        tokenEndpoint: need('tokenEndpoint'),
        clientId: need('clientId'),
        clientSecret: need('clientSecret'),
      };
      return oauthClientCredentials({ ...client, scope: fields.scope });
    }
    default:
      return { mechanism, username: need('username'), password: need('password') };
  }
}
