import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { BrokerConnection } from '../../../lib/kafka/client/broker-connection.ts';
import type { KafkaConnectOptions } from '../../../lib/kafka/ports.ts';
import {
  metadataApi,
  saslAuthenticateApi,
  saslHandshakeApi,
} from '../../../lib/kafka/protocol/cluster-apis.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import { answer, type ScriptedBroker, type ScriptedRequest, startScriptedBroker } from './scripted-broker.ts';

const everyTopic = { topics: null, allowAutoTopicCreation: false };
const metadata = (throttleTimeMs = 0) => ({
  throttleTimeMs,
  brokers: [],
  clusterId: 'c',
  controllerId: 1,
  topics: [],
});
const metadataAnswer = (request: Pick<ScriptedRequest, 'correlationId'>, throttleTimeMs = 0): Buffer =>
  answer(metadataApi, request, metadata(throttleTimeMs));

/** A broker that does as the test says, and a clock that stands still. */
describe('a connection to a broker', () => {
  let clock: VirtualClock;
  let resources: AsyncDisposableStack;

  beforeEach(() => {
    clock = new VirtualClock();
    resources = new AsyncDisposableStack();
  });
  afterEach(() => resources.disposeAsync());

  async function open(
    script: (request: ScriptedRequest) => Uint8Array | undefined = metadataAnswer,
    security: Pick<KafkaConnectOptions, 'sasl'> = {},
  ): Promise<{ broker: ScriptedBroker; connection: BrokerConnection }> {
    const broker = resources.use(await startScriptedBroker(script));
    const options = { bootstrapServers: [], clientId: 'test', ...security };
    const context = { options, clock, random: seededRandom(1), log: silentLogger };
    const connection = await new BrokerConnection(broker.address, context).open();
    resources.defer(() => connection.destroy());
    return { broker, connection };
  }
  const ask = (connection: BrokerConnection, timeoutMs = 0) =>
    connection.request(metadataApi, everyTopic, { timeoutMs });
  const failureOf = (asking: Promise<unknown>): Promise<unknown> =>
    asking.then(
      (response) => response,
      (error: unknown) => error,
    );

  it('gives each of many requests its answer', async () => {
    const { connection } = await open();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(connection)));
    expect(answers).toEqual(Array.from({ length: 20 }, () => metadata()));
  });

  describe('is over when', () => {
    const lost = (message: RegExp) => ({
      kafkaName: 'NETWORK_EXCEPTION',
      retriable: true,
      message: expect.stringMatching(message),
    });

    it('an answer is for a request that was never sent', async () => {
      const { connection } = await open((request) =>
        metadataAnswer({ ...request, correlationId: request.correlationId + 1 }),
      );
      expect(await failureOf(ask(connection))).toMatchObject(lost(/answer to request 2, where that to 1/));
      expect(connection.usable).toBe(false);
    });

    it('an answer comes that nobody asked for', async () => {
      const { broker, connection } = await open();
      await ask(connection);
      broker.send(metadataAnswer({ correlationId: 1 }));
      await expect.poll(() => connection.usable).toBe(false);
      expect(await failureOf(ask(connection))).toMatchObject(lost(/was closed$/));
    });

    it('an answer is cut off by its end, as is all that was asked behind it', async () => {
      const { broker, connection } = await open((request) =>
        request.correlationId === 1 ? metadataAnswer(request).subarray(0, 15) : undefined,
      );
      const asking = [failureOf(ask(connection)), failureOf(ask(connection))];
      await expect.poll(() => broker.asked.length).toBe(2);
      broker.end();
      for (const failure of await Promise.all(asking))
        expect(failure).toMatchObject(lost(/closed the connection/));
    });

    it('an answer is shorter than what it is to hold', async () => {
      const short = (request: ScriptedRequest): Buffer => {
        const bytes = Buffer.from(metadataAnswer(request).subarray(0, 15));
        bytes.writeInt32BE(bytes.length - 4);
        return bytes;
      };
      const { connection } = await open(short);
      expect(await failureOf(ask(connection))).toMatchObject(lost(/answer that cannot be read/));
      expect(connection.usable).toBe(false);
    });

    it('no answer comes within 10 seconds, or what was asked for', async () => {
      const { broker, connection } = await open(() => undefined);
      const asking = failureOf(ask(connection, 60_000));
      await expect.poll(() => broker.asked.length).toBe(1);
      await clock.advance(59_999);
      expect(connection.usable).toBe(true);
      await clock.advance(1);
      expect(await asking).toMatchObject(lost(/did not answer Metadata in 60 s/));

      const other = await open(() => undefined);
      const impatient = failureOf(ask(other.connection, 5));
      await clock.advance(9_999);
      expect(other.connection.usable).toBe(true);
      await clock.advance(1);
      expect(await impatient).toMatchObject({
        ...lost(/did not answer Metadata in 10 s/),
        hint: expect.stringContaining('security groups'),
      });
      expect(other.connection.usable).toBe(false);
    });

    it('destroyed: what was asked fails, and so does what is asked then', async () => {
      const { connection } = await open(() => undefined);
      const asking = failureOf(ask(connection));
      connection.destroy();
      expect(await asking).toMatchObject(lost(/was closed$/));
      expect(await failureOf(ask(connection))).toMatchObject(lost(/was closed$/));
    });
  });

  it('to an address that cannot be one fails as one that does not answer', () => {
    const options = { bootstrapServers: [], clientId: 'test' };
    const context = { options, clock, random: seededRandom(1), log: silentLogger };
    expect(() => new BrokerConnection({ host: '127.0.0.1', port: 70_000 }, context)).toThrow(
      expect.objectContaining({ kafkaName: 'NETWORK_EXCEPTION', retriable: true }),
    );
  });

  it('says what it found where there is no Kafka', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    resources.defer(async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    });
    const { port } = server.address() as AddressInfo;
    const options = { bootstrapServers: [], clientId: 'test' };
    const context = { options, clock, random: seededRandom(1), log: silentLogger };
    const failure = await failureOf(new BrokerConnection({ host: '127.0.0.1', port }, context).open());
    expect(failure).toMatchObject({
      message: `Broker 127.0.0.1:${port} sent an answer in HTTP where an answer of Kafka was due`,
      hint: expect.stringContaining('port of a Kafka listener'),
    });
  });

  it('holds back what is asked while the broker wants it to (KIP-219)', async () => {
    const { broker, connection } = await open((request) => metadataAnswer(request, 500));
    await ask(connection);
    const held = [ask(connection), ask(connection)];
    await clock.advance(499);
    expect(broker.asked.length).toBe(1);
    await clock.advance(1);
    await expect.poll(() => broker.asked.length).toBe(3);
    await Promise.all(held);
  });

  it('gives up after 10 seconds in which nobody takes part in a handshake', async () => {
    const broker = resources.use(await startScriptedBroker());
    const options = { bootstrapServers: [], clientId: 'test', tls: true };
    const context = { options, clock, random: seededRandom(1), log: silentLogger };
    // Reads the beginning of TLS as the length of a request that is never complete.
    const connection = new BrokerConnection({ ...broker.address, host: 'localhost' }, context);
    const opening = failureOf(connection.open());
    await clock.advance(9_999);
    expect(connection.usable).toBe(true);
    await clock.advance(1);
    expect(await opening).toMatchObject({ message: expect.stringContaining('not open after 10 s') });
    expect(connection.usable).toBe(false);
  });

  describe('that signs in', () => {
    const sasl = { mechanism: 'plain', username: 'ann', password: 'sesame' } as const;
    const sessionLifetimeMs = 100_000n;
    let errorCode: number;

    beforeEach(() => {
      errorCode = 0;
    });

    const script = (request: ScriptedRequest): Uint8Array => {
      if (request.apiKey === saslHandshakeApi.key)
        return answer(saslHandshakeApi, request, {
          errorCode: 0,
          mechanisms: ['PLAIN'],
        });
      if (request.apiKey !== saslAuthenticateApi.key) return metadataAnswer(request);
      return answer(saslAuthenticateApi, request, {
        errorCode,
        errorMessage: null,
        authBytes: Buffer.alloc(0),
        sessionLifetimeMs,
      });
    };
    const signIn = [saslHandshakeApi.key, saslAuthenticateApi.key];

    it('does so again before the session ends, once, before what is asked then, and in order (KIP-368)', async () => {
      const { broker, connection } = await open(script, { sasl });
      await ask(connection);
      await clock.advance(84_000);
      await ask(connection);
      expect(broker.asked.splice(0)).toEqual([...signIn, metadataApi.key, metadataApi.key]);
      await clock.advance(11_001);
      await Promise.all([ask(connection), ask(connection), ask(connection)]);
      expect(broker.asked).toEqual([...signIn, metadataApi.key, metadataApi.key, metadataApi.key]);
    });

    it('is over when that is refused, and what waited for it fails with the reason', async () => {
      const { broker, connection } = await open(script, { sasl });
      await clock.advance(96_000);
      errorCode = 58;
      for (const failure of await Promise.all([failureOf(ask(connection)), failureOf(ask(connection))]))
        expect(failure).toMatchObject({ kafkaName: 'SASL_AUTHENTICATION_FAILED', retriable: false });
      expect(connection.usable).toBe(false);
      expect(broker.asked).toEqual([...signIn, ...signIn]);
    });
  });
});
