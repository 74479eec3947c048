import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../lib/foundation/logger.ts';
import { loadLibrary } from '../../../../lib/kafka/kafkajs/library.ts';

const manifest: unknown = createRequire(import.meta.url)('kafkajs/package.json');

async function unconnected() {
  const library = await loadLibrary();
  return new library.Connection({
    host: '127.0.0.1',
    port: 1,
    clientId: 'test',
    ssl: null,
    sasl: null,
    logger: library.logger(silentLogger),
    socketFactory: () => {
      throw new Error('nothing is connected here');
    },
    connectionTimeout: 1_000,
    requestTimeout: 1_000,
    reauthenticationThreshold: 1_000,
    enforceRequestTimeout: true,
    maxInFlightRequests: null,
  });
}

/** We use kafkajs below its public API: what we rely on must be there, in the version we pinned. */
describe('the internals of kafkajs that we use', () => {
  it('are those of 2.2.4', () => {
    expect(manifest).toMatchObject({ version: '2.2.4' });
  });

  it.each([
    'connect',
    'authenticate',
    'isAuthenticated',
    'rejectRequests',
    'setVersions',
    'setSupportAuthenticationProtocol',
  ])('have connection.%s()', async (method) => {
    expect(Reflect.get(await unconnected(), method)).toBeTypeOf('function');
  });

  it.each(['push', 'maybeThrottle', 'scheduleCheckPendingRequests', 'destroy'])(
    'have connection.requestQueue.%s()',
    async (method) => {
      expect(Reflect.get((await unconnected()).requestQueue, method)).toBeTypeOf('function');
    },
  );

  it('have the length of the session, and when to renew it', async () => {
    const connection = await unconnected();
    expect(connection.sessionLifetime.toNumber()).toBe(0);
    expect(connection.reauthenticationThreshold).toBe(1_000);
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'have the exchange of %s',
    async (mechanism) => {
      const { passwordExchanges } = await loadLibrary();
      const exchange = passwordExchanges[mechanism]({ username: 'u', password: 'p' });
      const target = {
        host: 'h',
        port: 1,
        logger: undefined,
        saslAuthenticate: async () => undefined as never,
      };
      expect(exchange(target)).toHaveProperty('authenticate', expect.any(Function));
    },
  );

  it('count correlation ids up', async () => {
    const connection = await unconnected();
    expect([connection.nextCorrelationId(), connection.nextCorrelationId()]).toEqual([0, 1]);
  });

  it('send what is pushed onto the queue at once, and give the answer to its entry', async () => {
    const connection = await unconnected();
    let sent = 0;
    const answer = new Promise<{ readonly payload: Buffer | null }>((resolve, reject) => {
      const entry = { apiKey: 3, apiName: 'Metadata', apiVersion: 6, correlationId: 5, resolve, reject };
      connection.requestQueue.push({
        entry,
        expectResponse: true,
        requestTimeout: null,
        sendRequest: () => sent++,
      });
    });
    expect(sent).toBe(1);
    expect(connection.requestQueue.pending).toEqual([]);
    const frame = Buffer.alloc(10);
    frame.writeInt32BE(6, 0);
    frame.writeInt32BE(5, 4);
    frame.writeInt16BE(77, 8);
    const receive: unknown = Reflect.get(connection, 'processData');
    if (typeof receive !== 'function') throw new Error('connection.processData is gone');
    Reflect.apply(receive, connection, [frame]);
    expect((await answer).payload?.readInt16BE()).toBe(77);
    connection.requestQueue.destroy();
  });
});
