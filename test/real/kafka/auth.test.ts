import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { CallOptions, KafkaClient, KafkaSecurity, SaslOptions } from '../../../lib/kafka/ports.ts';
import { makeAuthority, type Authority, type Certificate } from '../servers/certificates.ts';
import { type RealKafka, startKafka } from '../servers/kafka.ts';
import { javaUnavailable } from '../servers/maven-jars.ts';

const call = (ms = 20_000): CallOptions => ({ deadline: deadlineIn(ms, systemClock) });
const sessionMs = 3_000;
const topic = 'secured';
const missing = await javaUnavailable('openssl');

/** An unsigned JWT, which is what a broker without an issuer's keys takes (KIP-255). */
function jwt(lifeSeconds = 60): string {
  const issued = Math.floor(systemClock.now() / 1_000);
  const part = (fields: object): string => Buffer.from(JSON.stringify(fields)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: 'ann', iat: issued, exp: issued + lifeSeconds })}.`;
}

const passwordLogins = (['plain', 'scram-sha-256', 'scram-sha-512'] as const).map((mechanism) => ({
  mechanism,
  username: 'ann',
  password: 'open; sesame',
}));
const logins: readonly SaslOptions[] = [
  ...passwordLogins,
  { mechanism: 'oauthbearer', token: async () => jwt() },
];
const wrongLogins: readonly SaslOptions[] = [
  ...passwordLogins.map((login) => ({ ...login, password: 'wrong' })),
  ...passwordLogins.map((login) => ({ ...login, username: 'bob' })),
  { mechanism: 'oauthbearer', token: async () => 'no token at all', refusedHint: 'Check the issuer.' },
  { mechanism: 'oauthbearer', token: async () => jwt(-3_600), refusedHint: 'Check the issuer.' },
];

/** What every SASL listener needs, under its prefix. */
function saslListener(name: string): Record<string, string> {
  const module = 'org.apache.kafka.common.security';
  const jaas = {
    plain: `${module}.plain.PlainLoginModule required user_ann="open; sesame";`,
    'scram-sha-256': `${module}.scram.ScramLoginModule required;`,
    'scram-sha-512': `${module}.scram.ScramLoginModule required;`,
    oauthbearer: `${module}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
  };
  const prefix = `listener.name.${name}`;
  return {
    [`${prefix}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    ...Object.fromEntries(
      Object.entries(jaas).map(([mechanism, text]) => [`${prefix}.${mechanism}.sasl.jaas.config`, text]),
    ),
  };
}

const keystore = (name: string, { keystoreFile }: Certificate): Record<string, string> => ({
  [`listener.name.${name}.ssl.keystore.type`]: 'PEM',
  [`listener.name.${name}.ssl.keystore.location`]: keystoreFile,
});

describe.skipIf(missing !== undefined)(`signing in to Apache Kafka${missing ? `: ${missing}` : ''}`, () => {
  const resources = new AsyncDisposableStack();
  let authority: Authority;
  let stranger: Authority;
  let client: Certificate;
  let broker: RealKafka;

  beforeAll(async () => {
    authority = resources.use(await makeAuthority('shop'));
    stranger = resources.use(await makeAuthority('stranger'));
    client = await authority.issue({ name: 'client' });
    const server = await authority.issue({ name: 'server', subjectAltName: 'DNS:localhost' });
    const old = await authority.issue({ name: 'old', subjectAltName: 'DNS:localhost', days: -1 });
    const elsewhere = await authority.issue({ name: 'elsewhere', subjectAltName: 'DNS:kafka.example.com' });
    const sessions = ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'].map((mechanism) => [
      `listener.name.short.${mechanism}.connections.max.reauth.ms`,
      String(sessionMs),
    ]);
    broker = resources.use(
      await startKafka({
        listeners: {
          SASL: 'SASL_SSL',
          SHORT: 'SASL_PLAINTEXT',
          MTLS: 'SSL',
          OLD: 'SSL',
          ELSEWHERE: 'SSL',
        },
        scram: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
          (mechanism) => `${mechanism}=[name=ann,password=open; sesame]`,
        ),
        properties: {
          ...saslListener('sasl'),
          ...saslListener('short'),
          ...(Object.fromEntries(sessions) as Record<string, string>),
          ...keystore('sasl', server),
          ...keystore('mtls', server),
          ...keystore('old', old),
          ...keystore('elsewhere', elsewhere),
          'listener.name.mtls.ssl.client.auth': 'required',
          'listener.name.mtls.ssl.truststore.type': 'PEM',
          'listener.name.mtls.ssl.truststore.location': authority.certFile,
        },
      }),
    );
    await using plain = connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'admin' });
    await plain.createTopics([{ topic, partitions: 1, replicationFactor: -1 }], call());
  });
  afterAll(() => resources.disposeAsync());

  const connect = (listener: string, security: KafkaSecurity): KafkaClient =>
    connectKafka({ bootstrapServers: [broker.listeners[listener] ?? ''], clientId: 'auth', ...security });

  async function failureAt(listener: string, security: KafkaSecurity): Promise<unknown> {
    await using refused = connect(listener, security);
    return await refused.listTopics(call()).then(
      () => 'signed in',
      (error: unknown) => error,
    );
  }

  it.each(logins)('with $mechanism over TLS works', async (sasl) => {
    await using signedIn = connect('SASL', { tls: { ca: authority.cert }, sasl });
    expect(await signedIn.listTopics(call())).toContain(topic);
  });

  it.each(wrongLogins)('with a wrong login ($mechanism) fails for good, with what to check', async (sasl) => {
    expect(await failureAt('SASL', { tls: { ca: authority.cert }, sasl })).toMatchObject({
      kafkaName: 'SASL_AUTHENTICATION_FAILED',
      retriable: false,
      hint: expect.stringMatching(/^Check the (username and the password|issuer)/),
      message: expect.not.stringMatching(/wrong|no token at all/),
    });
  });

  it('with a mechanism that is not enabled there fails for good', async () => {
    const failure = await failureAt('MTLS', {
      tls: { ca: authority.cert, cert: client.cert, key: client.key },
      sasl: { mechanism: 'plain', username: 'ann', password: 'x' },
    });
    expect(failure).toMatchObject({ retriable: false, hint: expect.stringMatching(/^Check/) });
  });

  it('with a client certificate works, its key encrypted or not', async () => {
    const encrypted = await authority.encryptedKey(client, 'sesame');
    for (const key of [{ key: client.key }, { key: encrypted, passphrase: 'sesame' }]) {
      await using signedIn = connect('MTLS', { tls: { ca: authority.cert, cert: client.cert, ...key } });
      expect(await signedIn.listTopics(call())).toContain(topic);
    }
  });

  it.each([
    ['none', async () => ({}), 'give certificate and key'],
    [
      'one of another CA',
      async () => {
        const { cert, key } = await stranger.issue({ name: 'stranger' });
        return { cert, key };
      },
      'signed by a CA in the truststore',
    ],
    [
      'an expired one',
      async () => {
        const { cert, key } = await authority.issue({ name: 'formerly', days: -1 });
        return { cert, key };
      },
      'signed by a CA in the truststore',
    ],
  ])('where a client certificate is wanted, with %s, fails for good', async (_, own, hint) => {
    expect(await failureAt('MTLS', { tls: { ca: authority.cert, ...(await own()) } })).toMatchObject({
      kafkaName: 'SSL_AUTHENTICATION_FAILED',
      retriable: false,
      hint: expect.stringContaining(hint),
      message: expect.stringMatching(/failed: ssl\/tls alert [a-z ]+$/),
    });
  });

  it.each([
    ['of a CA that is not known', 'SASL', 'give its CA'],
    ['that has expired', 'OLD', 'past its time'],
    ['for another host', 'ELSEWHERE', 'advertised.listeners'],
  ])('to a broker with a certificate %s fails for good', async (_, listener, hint) => {
    const ca = listener === 'SASL' ? stranger.cert : authority.cert;
    expect(await failureAt(listener, { tls: { ca } })).toMatchObject({
      kafkaName: 'SSL_AUTHENTICATION_FAILED',
      retriable: false,
      hint: expect.stringContaining(hint),
    });
  });

  it('to a broker with a certificate for another host works when the check is off', async () => {
    const tls = { ca: authority.cert, checkServerIdentity: () => undefined };
    await using signedIn = connect('ELSEWHERE', { tls });
    expect(await signedIn.listTopics(call())).toContain(topic);
  });

  it.each(logins)(
    'again ($mechanism), before a session ends, disturbs neither sends nor fetches',
    async (sasl) => {
      await using signedIn = connect('SHORT', { sasl });
      const producer = signedIn.producer({});
      let sockets = 0;
      const count = (): void => void sockets++;
      subscribe('net.client.socket', count);
      const end = deadlineIn(3 * sessionMs, systemClock);
      const partition = topicPartition(topic, 0);
      let sent = 0;
      const send = async (): Promise<void> => {
        while (!end.expired) {
          const record = { topic, partition: 0, key: null, value: Buffer.from('x'), timestamp: null };
          const answer = await producer.send([record], call());
          expect(answer.get(partition)?.error).toBeUndefined();
          sent++;
        }
      };
      const start = (await signedIn.listOffsets([{ topic, partition: 0, at: 'latest' }], call())).get(
        partition,
      );
      expect(start?.error).toBeUndefined();
      let offset = start?.offset ?? -1n;
      const fetch = async (): Promise<void> => {
        while (!end.expired) {
          const request = {
            maxBytes: 1_000_000,
            minBytes: 1,
            maxWaitMs: 200,
            isolation: 'read_committed',
          } as const;
          const assignments = [{ topic, partition: 0, offset }];
          const answer = (await signedIn.fetch({ ...request, assignments }, call())).get(partition);
          expect(answer?.error).toBeUndefined();
          offset = answer?.nextOffset ?? offset;
        }
      };
      try {
        await Promise.all([send(), send(), fetch()]);
      } finally {
        unsubscribe('net.client.socket', count);
      }
      expect(sent).toBeGreaterThan(10);
      expect(offset - (start?.offset ?? 0n)).toBeGreaterThan(10n);
      // One for the requests and one for the fetches: none was closed for a session that had ended.
      expect(sockets).toBe(2);
    },
  );
});
