import { describe, expect, it } from 'vitest';
import { readClusterEnvironment } from '../../../functions/cluster-environment.ts';
import { kafkaSecurity } from '../../../functions/kafka-security.ts';
import { secretsManagerProvider } from '../../../lib/config-providers/secrets-manager.ts';

const arn = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:login-abcdef';

/** What the function makes of its variables and of the secret's fields. */
async function securityOf(
  variables: Readonly<Record<string, string>>,
  fields?: Readonly<Record<string, string>>,
) {
  const read: string[] = [];
  const secrets = secretsManagerProvider(async (id) => {
    read.push(id);
    return JSON.stringify(fields);
  });
  const environment = readClusterEnvironment({
    SLUICE_TABLE: 'table',
    SLUICE_BOOTSTRAP_SERVERS: 'b-1.shop.abc.c2.kafka.eu-west-1.amazonaws.com:9098',
    AWS_REGION: 'eu-west-1',
    ...(fields && { SLUICE_KAFKA_SECRET: arn }),
    ...variables,
  });
  const security = await kafkaSecurity(environment, secrets);
  expect(read).toEqual(fields === undefined ? [] : [arn]);
  return security;
}

const tls = { SLUICE_KAFKA_TLS: 'true' };
const login = { username: 'ann', password: 'sesame' };

describe('how a function gets into Kafka', () => {
  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
    '%s: with the login of the secret',
    async (mechanism) => {
      expect(await securityOf({ ...tls, SLUICE_KAFKA_SASL: mechanism }, login)).toEqual({
        tls: {},
        sasl: { mechanism, ...login },
      });
    },
  );

  it('without a login: in clear, or with TLS', async () => {
    expect(await securityOf({ SLUICE_KAFKA_TLS: 'false' })).toEqual({ tls: false });
    expect(await securityOf(tls)).toEqual({ tls: {} });
  });

  it('with the certificates of the secret', async () => {
    expect(
      await securityOf(tls, { ca: 'CA', certificate: 'CERT', privateKey: 'KEY', privateKeyPassword: 'pw' }),
    ).toEqual({ tls: { ca: 'CA', cert: 'CERT', key: 'KEY', passphrase: 'pw' } });
    expect(await securityOf({ ...tls, SLUICE_KAFKA_SASL: 'plain' }, { ...login, ca: 'CA' })).toMatchObject({
      tls: { ca: 'CA' },
    });
  });

  it('with IAM, for the region of the brokers and without a secret', async () => {
    const { tls: encrypted, sasl } = await securityOf({ ...tls, SLUICE_KAFKA_SASL: 'aws-msk-iam' });
    expect({ encrypted, mechanism: sasl?.mechanism }).toEqual({ encrypted: {}, mechanism: 'oauthbearer' });
    expect(sasl).toMatchObject({ refusedHint: expect.stringContaining('kafka-cluster:Connect') });
  });

  it('with OAuth, as the client of the secret', async () => {
    const client = { tokenEndpoint: 'https://login.example.com/token', clientId: 'c', clientSecret: 's' };
    const { sasl } = await securityOf({ ...tls, SLUICE_KAFKA_SASL: 'oauthbearer' }, client);
    expect(sasl).toMatchObject({ mechanism: 'oauthbearer', refusedHint: expect.stringContaining('issuer') });
  });

  it.each([
    ['scram-sha-512', { username: 'ann' }, 'password'],
    ['oauthbearer', login, 'tokenEndpoint'],
  ])('%s: says what its secret lacks, and nothing of what it has', async (mechanism, fields, lacking) => {
    await expect(securityOf({ ...tls, SLUICE_KAFKA_SASL: mechanism }, fields)).rejects.toMatchObject({
      code: 'CONFIG',
      message: `Secret ${arn} lacks ${lacking}, which ${mechanism} needs`,
    });
  });

  it('can be tried again when the secret could not be read', async () => {
    const environment = readClusterEnvironment({
      SLUICE_TABLE: 'table',
      SLUICE_KAFKA_SASL: 'plain',
      SLUICE_KAFKA_SECRET: arn,
    });
    const secrets = secretsManagerProvider(() => Promise.reject(new Error('socket hang up')));
    await expect(kafkaSecurity(environment, secrets)).rejects.toMatchObject({
      retriable: true,
      message: `Secret ${arn} cannot be read to sign in to Kafka: socket hang up`,
      hint: expect.stringContaining('NAT gateway'),
    });
  });

  it('is not guessed for a mechanism that is not known', () => {
    const variables = { SLUICE_TABLE: 'table', SLUICE_KAFKA_SASL: 'GSSAPI' };
    expect(() => readClusterEnvironment(variables)).toThrow('is "GSSAPI", which is no SASL mechanism');
  });
});
