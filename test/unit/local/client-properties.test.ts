import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toConnectError } from '../../../lib/api/errors.ts';
import { readClientProperties } from '../../../lib/local/client-properties.ts';

const place = { bootstrapServers: ['b:9098'], region: 'eu-west-1' };
const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
const bearer = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required';
const iam = 'software.amazon.msk.auth.iam.IAMLoginModule required';
const endpoint = 'https://login.example.com/token';

describe('the properties of a Java client', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-properties-'));
    await writeFile(join(folder, 'ca.pem'), 'CA');
    await writeFile(join(folder, 'client.pem'), 'KEY AND CERT');
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function security(properties: Readonly<Record<string, string>>, encoding: BufferEncoding = 'utf8') {
    const file = join(folder, 'client.properties');
    const lines = Object.entries(properties).map(
      ([name, value]) => `${name}=${value.replace('DIR', folder)}\n`,
    );
    await writeFile(file, lines.join(''), encoding);
    return readClientProperties(file, place);
  }

  const readings: readonly (readonly [Readonly<Record<string, string>>, unknown])[] = [
    [{}, { tls: false }],
    [{ 'security.protocol': 'ssl', 'client.id': 'mine' }, { tls: {} }],
    [
      {
        'security.protocol': 'SSL',
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': 'DIR/ca.pem',
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': 'DIR/client.pem',
        'ssl.key.password': 'sesame',
      },
      { tls: { ca: 'CA', cert: 'KEY AND CERT', key: 'KEY AND CERT', passphrase: 'sesame' } },
    ],
    [
      {
        'security.protocol': 'SSL',
        'ssl.truststore.certificates': 'CA',
        'ssl.keystore.certificate.chain': 'CERT',
        'ssl.keystore.key': 'KEY',
      },
      { tls: { ca: 'CA', cert: 'CERT', key: 'KEY' } },
    ],
    [
      { 'security.protocol': 'SSL', 'ssl.endpoint.identification.algorithm': '' },
      { tls: { checkServerIdentity: expect.any(Function) } },
    ],
    [
      {
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'PLAIN',
        'sasl.jaas.config': `${plain} username="ann" password="sesame";`,
      },
      { tls: {}, sasl: { mechanism: 'plain', username: 'ann', password: 'sesame' } },
    ],
    ...['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
      (mechanism): readonly [Readonly<Record<string, string>>, unknown] => [
        {
          'security.protocol': 'SASL_PLAINTEXT',
          'sasl.mechanism': mechanism,
          'sasl.jaas.config': `${scram} username="ann" password="sesame";`,
        },
        { tls: false, sasl: { mechanism: mechanism.toLowerCase(), username: 'ann', password: 'sesame' } },
      ],
    ),
  ];
  it.each(readings)('%o', async (properties, expected) => {
    expect(await security(properties)).toEqual(expected);
  });

  it('are in Latin-1, as Java reads them', async () => {
    const properties = {
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': `${plain} username="ann" password="müller";`,
    };
    expect(await security(properties, 'latin1')).toMatchObject({ sasl: { password: 'müller' } });
  });

  it.each([
    ['AWS_MSK_IAM', { 'sasl.mechanism': 'AWS_MSK_IAM', 'sasl.jaas.config': `${iam} awsProfileName="shop";` }],
    [
      'the handler of AWS for OAUTHBEARER',
      {
        'sasl.mechanism': 'OAUTHBEARER',
        'sasl.jaas.config': `${bearer};`,
        'sasl.login.callback.handler.class':
          'software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler',
      },
    ],
  ])('mean IAM with %s', async (_, properties) => {
    expect(await security({ 'security.protocol': 'SASL_SSL', ...properties })).toMatchObject({
      tls: {},
      sasl: { mechanism: 'oauthbearer', refusedHint: expect.stringContaining('kafka-cluster:Connect') },
    });
  });

  it.each([
    ['in JAAS', { 'sasl.jaas.config': `${bearer} clientId="shop" clientSecret="sesame" scope="kafka";` }],
    [
      'in properties',
      {
        'sasl.oauthbearer.client.credentials.client.id': 'shop',
        'sasl.oauthbearer.client.credentials.client.secret': 'sesame',
      },
    ],
  ])('mean OAuth client credentials with OAUTHBEARER: %s', async (_, properties) => {
    const given = {
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.token.endpoint.url': endpoint,
    };
    expect(await security({ ...given, ...properties })).toMatchObject({
      sasl: { mechanism: 'oauthbearer', refusedHint: expect.stringContaining('issuer') },
    });
  });

  const sasl = { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN' };
  const login = `${plain} username="ann" password="sesame";`;
  it.each([
    [{ 'security.protocol': 'TLS' }, 'security.protocol is TLS', 'SASL_SSL'],
    [{ 'sasl.mechanism': 'PLAIN' }, 'has no effect with security.protocol=PLAINTEXT', 'SASL_SSL'],
    [
      { 'security.protocol': 'SASL_PLAINTEXT', 'ssl.truststore.location': 'x' },
      'ssl.truststore.location has no effect',
      'SASL_SSL',
    ],
    [{ 'security.protocol': 'SASL_SSL' }, 'sasl.mechanism is GSSAPI', 'AWS_MSK_IAM'],
    [sasl, 'sasl.jaas.config is missing', 'PlainLoginModule'],
    [{ ...sasl, 'sasl.jaas.config': login.replace('Plain', 'Scram') }, 'needs org.apache', 'Change'],
    [{ ...sasl, 'sasl.jaas.config': `${plain} password="sesame";` }, 'lacks username', 'username='],
    [{ ...sasl, 'sasl.jaas.config': `${plain} username="ann";` }, 'lacks password', 'password='],
    [{ ...sasl, 'sasl.jaas.config': `${login.slice(0, -1)} "sesame";` }, 'cannot be read', 'in one line'],
    [
      {
        ...sasl,
        'sasl.mechanism': 'SCRAM-SHA-256',
        'sasl.jaas.config': `${scram} username="t" password="sesame" tokenauth=true;`,
      },
      'delegation tokens',
      'SCRAM user',
    ],
    [
      { ...sasl, 'sasl.mechanism': 'OAUTHBEARER', 'sasl.oauthbearer.token.endpoint.url': endpoint },
      'lacks its clientId, clientSecret',
      'client credentials grant',
    ],
    [
      { ...sasl, 'sasl.mechanism': 'AWS_MSK_IAM', 'sasl.jaas.config': `${iam} awsRoleArn="arn:x";` },
      'awsRoleArn of IAMLoginModule is not supported',
      'role_arn',
    ],
    [
      { 'security.protocol': 'SSL', 'ssl.truststore.location': '/etc/trust.jks' },
      '/etc/trust.jks is of type JKS',
      'keytool -list -rfc -keystore /etc/trust.jks > truststore.pem',
    ],
    [
      { 'security.protocol': 'SSL', 'ssl.keystore.location': 'k.p12', 'ssl.keystore.type': 'PKCS12' },
      'k.p12 is of type PKCS12',
      'openssl pkcs12',
    ],
    [{ 'security.protocol': 'SSL', 'ssl.engine.factory.class': 'a.B' }, 'a Java class', 'in PEM'],
  ])('are refused with what to do: %o', async (properties, message, hint) => {
    const error = toConnectError(await security(properties).catch((thrown: unknown) => thrown));
    expect(error).toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
    expect(error.message).toContain('client.properties: ');
    expect(`${error.message} ${error.hint}`).not.toContain('sesame');
  });

  it.each([
    ['the file itself', () => readClientProperties(join(folder, 'none'), place), 'none cannot be read'],
    [
      'a store',
      () =>
        security({
          'security.protocol': 'SSL',
          'ssl.truststore.type': 'PEM',
          'ssl.truststore.location': 'DIR/none.pem',
        }),
      'none.pem cannot be read',
    ],
  ])('that are not there are told: %s', async (_, reading, message) => {
    await expect(reading()).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(message),
    });
  });
});
