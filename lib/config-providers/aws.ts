import { ConfigError } from '../api/errors.ts';
import { awsError } from './aws-error.ts';
import { parameterStoreProvider, type ReadParameter } from './parameter-store.ts';
import type { ConfigProvider } from './placeholders.ts';
import { type ReadSecret, secretsManagerProvider } from './secrets-manager.ts';

/**
 * `${secretsmanager:name:key}` and `${ssm:/path:name}` by AWS itself, in the account, region and role of the process;
 * AWS_ENDPOINT_URL and the other variables of the SDK count. Clients are loaded only when a config needs them.
 */
export const awsProviders = (): Readonly<Record<'secretsmanager' | 'ssm', ConfigProvider>> => ({
  secretsmanager: secretsManagerProvider(readSecret),
  ssm: parameterStoreProvider(readParameter),
});

const readSecret: ReadSecret = async (secretId) => {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({});
  try {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (text !== undefined) return text;
  } catch (error) {
    throw awsError(error, { what: `secret ${secretId}`, action: 'secretsmanager:GetSecretValue' });
  } finally {
    client.destroy();
  }
  throw new ConfigError(`The secret ${secretId} is binary, and a config holds text`, {
    hint: 'Store it as SecretString, if need be in base64.',
  });
};

const readParameter: ReadParameter = async (name) => {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient({});
  try {
    const { Parameter: parameter } = await client.send(
      new GetParameterCommand({ Name: name, WithDecryption: true }),
    );
    if (parameter?.Value !== undefined) return parameter.Value;
  } catch (error) {
    throw awsError(error, { what: `parameter ${name}`, action: 'ssm:GetParameter' });
  } finally {
    client.destroy();
  }
  throw new ConfigError(`The parameter ${name} has no value`, { hint: 'Give it one in Parameter Store.' });
};
