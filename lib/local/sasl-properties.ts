import { ConfigError } from '../api/errors.ts';
import type { SaslOptions } from '../kafka/ports.ts';
import { type LoginModule, parseJaasConfig } from './jaas-config.ts';

type Properties = ReadonlyMap<string, string>;

/** What IAM needs to know beside the properties. */
export interface SignInPlace {
  readonly bootstrapServers: readonly string[];
  readonly region: string | undefined;
}

const passwordModules = {
  PLAIN: { mechanism: 'plain', module: 'org.apache.kafka.common.security.plain.PlainLoginModule' },
  'SCRAM-SHA-256': {
    mechanism: 'scram-sha-256',
    module: 'org.apache.kafka.common.security.scram.ScramLoginModule',
  },
  'SCRAM-SHA-512': {
    mechanism: 'scram-sha-512',
    module: 'org.apache.kafka.common.security.scram.ScramLoginModule',
  },
} as const;

const supported = `${Object.keys(passwordModules).join(', ')}, OAUTHBEARER, AWS_MSK_IAM`;
/** Of AWS's own library for Java clients, which signs in to MSK over OAUTHBEARER. */
const iamHandler = 'software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler';

/** The `sasl.*` properties of a Java client as options of ours. Throws ConfigError, which quotes no secret. */
export async function saslOf(properties: Properties, place: SignInPlace): Promise<SaslOptions> {
  const mechanism = properties.get('sasl.mechanism')?.trim() ?? 'GSSAPI';
  const isIam =
    mechanism === 'AWS_MSK_IAM' || properties.get('sasl.login.callback.handler.class')?.trim() === iamHandler;
  if (isIam) return iam(properties, place);
  if (mechanism === 'OAUTHBEARER') return oauth(properties);
  if (mechanism === 'PLAIN' || mechanism === 'SCRAM-SHA-256' || mechanism === 'SCRAM-SHA-512')
    return password(mechanism, properties);
  throw new ConfigError(`sasl.mechanism is ${mechanism}, which Sluice does not speak`, {
    hint: `Set sasl.mechanism to one of ${supported}; Kafka's default is GSSAPI (Kerberos).`,
  });
}

function password(name: keyof typeof passwordModules, properties: Properties): SaslOptions {
  const { mechanism, module } = passwordModules[name];
  const { className, options } = loginModule(properties);
  if (className !== module) {
    throw new ConfigError(`sasl.jaas.config names ${className}, but sasl.mechanism=${name} needs ${module}`, {
      hint: 'Change the one that is wrong.',
    });
  }
  if (options.get('tokenauth') === 'true') {
    throw new ConfigError('sasl.jaas.config: tokenauth (delegation tokens) is not supported', {
      hint: 'Sign in as a SCRAM user: username="…" password="…".',
    });
  }
  const [username, secret] = [options.get('username'), options.get('password')];
  if (username === undefined || secret === undefined) {
    throw new ConfigError(`sasl.jaas.config lacks ${username === undefined ? 'username' : 'password'}`, {
      hint: `Write it as: ${module} required username="…" password="…";`,
    });
  }
  return { mechanism, username, password: secret };
}

/** KIP-768, and the names that Kafka 4.1 gave its parts (KIP-1139). */
async function oauth(properties: Properties): Promise<SaslOptions> {
  const login = properties.has('sasl.jaas.config') ? loginModule(properties).options : undefined;
  const values = {
    tokenEndpoint: properties.get('sasl.oauthbearer.token.endpoint.url'),
    clientId: properties.get('sasl.oauthbearer.client.credentials.client.id') ?? login?.get('clientId'),
    clientSecret:
      properties.get('sasl.oauthbearer.client.credentials.client.secret') ?? login?.get('clientSecret'),
  };
  const { tokenEndpoint, clientId, clientSecret } = values;
  if (tokenEndpoint === undefined || clientId === undefined || clientSecret === undefined) {
    const lacking = Object.entries(values).filter(([, value]) => value === undefined);
    throw new ConfigError(
      `sasl.mechanism=OAUTHBEARER lacks its ${lacking.map(([name]) => name).join(', ')}`,
      {
        hint: 'Set sasl.oauthbearer.token.endpoint.url, sasl.oauthbearer.client.credentials.client.id and .client.secret: tokens come from the client credentials grant.',
      },
    );
  }
  const scope = properties.get('sasl.oauthbearer.scope') ?? login?.get('scope');
  const { oauthClientCredentials } = await import('../kafka/auth/oauth-token.ts');
  return oauthClientCredentials({ tokenEndpoint, clientId, clientSecret, scope });
}

async function iam(properties: Properties, place: SignInPlace): Promise<SaslOptions> {
  const options = properties.has('sasl.jaas.config')
    ? loginModule(properties).options
    : new Map<string, string>();
  const unknown = [...options.keys()].filter((name) => /^aws/i.test(name) && name !== 'awsProfileName');
  if (unknown.length > 0) {
    throw new ConfigError(`sasl.jaas.config: ${unknown.join(', ')} of IAMLoginModule is not supported`, {
      hint: 'Say it in a profile of ~/.aws/config (role_arn, source_profile) and give awsProfileName="…".',
    });
  }
  const { mskIam } = await import('../kafka/auth/msk-iam.ts');
  return mskIam({ ...place, profile: options.get('awsProfileName') });
}

function loginModule(properties: Properties): LoginModule {
  const text = properties.get('sasl.jaas.config');
  if (text !== undefined) return parseJaasConfig(text);
  throw new ConfigError(`sasl.jaas.config is missing`, {
    hint: 'It holds the login: org.apache.kafka.common.security.plain.PlainLoginModule required username="…" password="…";',
  });
}
