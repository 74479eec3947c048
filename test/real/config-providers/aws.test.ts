import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectError } from '../../../lib/api/errors.ts';
import { awsProviders } from '../../../lib/config-providers/aws.ts';
import { resolvePlaceholders } from '../../../lib/config-providers/placeholders.ts';
import { type Ministack, ministackUnavailable, startMinistack } from '../servers/ministack.ts';

const missing = await ministackUnavailable();

describe.skipIf(missing !== undefined)(`AWS config providers${missing ? `: ${missing}` : ''}`, () => {
  let server: Ministack | undefined;
  const before = { ...process.env };

  beforeAll(async () => {
    server = await startMinistack();
    Object.assign(process.env, server.environment);
    await createSecrets();
    await createParameters();
  });

  afterAll(async () => {
    for (const name of Object.keys(server?.environment ?? {})) {
      const value = before[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await server?.[Symbol.asyncDispose]();
  });

  const resolve = async (text: string): Promise<string | undefined> =>
    (await resolvePlaceholders({ key: text }, awsProviders()))['key'];
  const failure = (text: string): Promise<ConnectError> =>
    resolve(text).then(
      (value) => Promise.reject(new Error(`resolved to ${value}`)),
      (error: ConnectError) => error,
    );

  it.each([
    ['the whole text of a secret', '${secretsmanager:token}', 's3cret text'],
    ['a key of a secret', '${secretsmanager:shop/db:password}', 'pa$$:word'],
    ['a number in a secret', '${secretsmanager:shop/db:port}', '5432'],
    [
      'several keys in one value',
      'u=${secretsmanager:shop/db:user}&p=${secretsmanager:shop/db:password}',
      'u=anna&p=pa$$:word',
    ],
    ['a parameter by its name', '${ssm:plain}', 'a plain one'],
    ['a parameter that is encrypted', '${ssm:/shop/db:password}', 'from the store'],
    ['a list of strings', '${ssm:/shop:tables}', 'orders,items'],
    [
      'a key that is not in the secret, left as it is',
      '${secretsmanager:shop/db:nope}',
      '${secretsmanager:shop/db:nope}',
    ],
  ])('resolve %s', async (_what, text, expected) => {
    expect(await resolve(text)).toBe(expected);
  });

  it.each([
    ['${secretsmanager:missing:key}', 'There is no secret missing'],
    ['${secretsmanager:missing}', 'There is no secret missing'],
    ['${ssm:/shop:missing}', 'There is no parameter /shop/missing'],
  ])('say what is not there: %s', async (text, message) => {
    const error = await failure(text);
    expect(error).toMatchObject({ code: 'CONFIG', message, retriable: false });
    expect(error.hint).toContain('correct its name in the connector config');
  });

  it('refuse a binary secret instead of taking it for empty', async () => {
    expect(await failure('${secretsmanager:binary}')).toMatchObject({
      message: 'The secret binary is binary, and a config holds text',
      hint: 'Store it as SecretString, if need be in base64.',
    });
  });

  it('refuse a key of a secret that is no JSON object, without quoting the secret', async () => {
    const error = await failure('${secretsmanager:token:key}');
    expect(error.message).toBe('Secret token is not a JSON object, so it has no key key');
    expect(JSON.stringify([error.message, error.hint, error.cause])).not.toContain('s3cret');
  });

  it('have an outage tried again', async () => {
    const endpoint = process.env['AWS_ENDPOINT_URL'];
    // Port 9 is "discard": nothing listens there.
    process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:9';
    try {
      expect(await failure('${ssm:plain}')).toMatchObject({ retriable: true });
    } finally {
      process.env['AWS_ENDPOINT_URL'] = endpoint;
    }
  });
});

async function createSecrets(): Promise<void> {
  const client = new SecretsManagerClient({});
  const create = (Name: string, value: { SecretString: string } | { SecretBinary: Uint8Array }) =>
    client.send(new CreateSecretCommand({ Name, ...value }));
  await create('token', { SecretString: 's3cret text' });
  await create('shop/db', {
    SecretString: JSON.stringify({ user: 'anna', password: 'pa$$:word', port: 5432 }),
  });
  await create('binary', { SecretBinary: new Uint8Array([1, 2, 255]) });
  client.destroy();
}

async function createParameters(): Promise<void> {
  const client = new SSMClient({});
  const put = (Name: string, Type: 'String' | 'SecureString' | 'StringList', Value: string) =>
    client.send(new PutParameterCommand({ Name, Type, Value }));
  await put('plain', 'String', 'a plain one');
  await put('/shop/db/password', 'SecureString', 'from the store');
  await put('/shop/tables', 'StringList', 'orders,items');
  client.destroy();
}
