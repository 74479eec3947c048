import type { ConfigProvider } from './placeholders.ts';
import { secretsManagerProvider } from './secrets-manager.ts';

/** `${secretsmanager:…}` and `${ssm:/path/name}`; the SDK clients are loaded only when a config needs them. */
export function awsProviders(): Readonly<Record<'secretsmanager' | 'ssm', ConfigProvider>> {
  return {
    secretsmanager: secretsManagerProvider(async (secretId) => {
      const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
      const answer = await new SecretsManagerClient({}).send(
        new GetSecretValueCommand({ SecretId: secretId }),
      );
      return answer.SecretString ?? '';
    }),
    ssm: {
      async get(path, keys) {
        const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
        const client = new SSMClient({});
        const read = async (key: string): Promise<readonly [string, string]> => {
          const name = path === '' ? key : `${path}/${key}`;
          const answer = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
          return [key, answer.Parameter?.Value ?? ''];
        };
        return Object.fromEntries(await Promise.all(keys.map(read)));
      },
    },
  };
}
