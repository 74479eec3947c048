import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { startDevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { CallOptions } from '../../../lib/kafka/ports.ts';
import { certificate } from './certificate.ts';

const lib = join(import.meta.dirname, '../../../lib');
const call = (ms = 5_000): CallOptions => ({ deadline: deadlineIn(ms, systemClock) });
const quiet = { logLevel: logLevel.NOTHING, retry: { retries: 0 } };
const tls = await certificate();

/** As in library-defects-reading.test.ts: each defect in kafkajs' own path, and beside it our client. */
describe('what kafkajs does wrong with its connections, and our client right', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('K5: each answer sets a timer of a negative time, of which Node.js warns', async () => {
    await using broker = await startDevBroker();
    const library = `
      import { Kafka } from 'kafkajs';
      const admin = new Kafka({ brokers: ['${broker.bootstrapServers}'], logLevel: 0 }).admin();
      await admin.connect();
      await admin.listTopics();
      await admin.disconnect();
    `;
    const ours = `
      import { connectKafka } from '${lib}/kafka/client/connect-kafka.ts';
      import { deadlineIn } from '${lib}/foundation/deadline.ts';
      import { systemClock } from '${lib}/foundation/clock.ts';
      const client = connectKafka({ bootstrapServers: ['${broker.bootstrapServers}'], clientId: 'ours' });
      await client.listTopics({ deadline: deadlineIn(10_000, systemClock) });
      await client.close();
    `;
    const stderrOf = async (script: string): Promise<string> => {
      const options = ['--input-type=module-typescript', '-e', script];
      const run = await promisify(execFile)(process.execPath, options, { cwd: import.meta.dirname });
      return run.stderr;
    };
    expect(await stderrOf(library)).toContain('TimeoutNegativeWarning');
    expect(await stderrOf(ours)).toBe('');
  });

  it('K6: a connection that was idle for long is trusted, and costs a whole request timeout when it is dead', async () => {
    await using broker = await startDevBroker();
    const kafka = new Kafka({ brokers: [broker.bootstrapServers], requestTimeout: 300, ...quiet });
    const admin = kafka.admin();
    await admin.connect();
    await using client = connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'ours' });
    expect([await admin.listTopics(), await client.listTopics(call())]).toEqual([[], []]);

    broker.faults.silenceConnections();
    const now = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 5 * 60_000);
    await expect(admin.listTopics()).rejects.toMatchObject({ name: 'KafkaJSRequestTimeoutError' });
    await admin.disconnect();
    // A run begins with this. The call has less time than a request may take: it is over where the connection is used.
    await client.ensureFresh();
    expect(await client.listTopics(call())).toEqual([]);
  });

  it.skipIf(tls === undefined)(
    'K6: a connection has one second for its whole handshake (openssl makes the certificate)',
    async () => {
      await using broker = await startDevBroker({ host: 'localhost', ...(tls ? { tls } : {}) });
      await using gate = await startGate(broker.bootstrapServers);
      const ca = tls?.cert ?? '';
      await using client = connectKafka({
        bootstrapServers: [gate.address],
        clientId: 'ours',
        tls: { ca },
      });
      const ours = client.listTopics(call());
      const admin = new Kafka({ brokers: [gate.address], ssl: { ca }, ...quiet }).admin();
      await expect(admin.connect()).rejects.toThrow('Connection timeout');
      gate.open();
      expect(await ours).toEqual([]);
    },
  );
});

interface Gate extends AsyncDisposable {
  readonly address: string;
  /** From now on those that wait, and those that come, get through. */
  open(): void;
}

/** Accepts connections to `target`, and lets nothing through until it is opened: a slow handshake. */
async function startGate(target: string): Promise<Gate> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    void opened.then(() => {
      if (socket.destroyed) return;
      const onward = connect({ host, port: Number(port) });
      sockets.add(onward);
      onward.on('error', () => socket.destroy());
      socket.pipe(onward).pipe(socket);
    });
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const { port: gatePort } = server.address() as AddressInfo;
  return { address: `localhost:${gatePort}`, open, [Symbol.asyncDispose]: close };
}
