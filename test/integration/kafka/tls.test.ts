import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { startDevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { CallOptions } from '../../../lib/kafka/ports.ts';
import { certificate } from './certificate.ts';

const call = (ms = 10_000): CallOptions => ({ deadline: deadlineIn(ms, systemClock) });

const tls = await certificate();

describe.skipIf(tls === undefined)('TLS (openssl makes the certificate)', () => {
  const server = { host: 'localhost', ...(tls ? { tls } : {}) };

  it('works with a broker whose CA is given', async () => {
    await using broker = await startDevBroker(server);
    await using client = connectKafka({
      bootstrapServers: [broker.bootstrapServers],
      clientId: 'x',
      tls: { ca: tls?.cert ?? '' },
    });
    await client.createTopics([{ topic: 'secret', partitions: 1, replicationFactor: -1 }], call());
    expect(await client.listTopics(call())).toEqual(['secret']);
  });

  it('brings answers of many TLS records as they are', async () => {
    await using broker = await startDevBroker(server);
    await using client = connectKafka({
      bootstrapServers: [broker.bootstrapServers],
      clientId: 'x',
      tls: { ca: tls?.cert ?? '' },
    });
    await client.createTopics([{ topic: 'large', partitions: 1, replicationFactor: -1 }], call());
    const values = Array.from({ length: 6 }, (_, index) => Buffer.alloc(300_000 + index, index + 1));
    const records = values.map((value) => ({
      topic: 'large',
      partition: 0,
      key: null,
      value,
      timestamp: null,
    }));
    await client.producer({}).send(records, call());
    const assignments = [{ topic: 'large', partition: 0, offset: 0n }];
    const request = { maxBytes: 10_000_000, maxPartitionBytes: 10_000_000, minBytes: 1, maxWaitMs: 500 };
    const fetched = await client.fetch({ ...request, assignments, isolation: 'read_committed' }, call());
    const [partition] = [...fetched.values()];
    expect(partition?.records.map(({ value }) => value)).toEqual(values);
  });

  it('fails for good, saying what to give, when the certificate is not trusted', async () => {
    await using broker = await startDevBroker(server);
    await using client = connectKafka({
      bootstrapServers: [broker.bootstrapServers],
      clientId: 'x',
      tls: true,
    });
    await expect(client.listTopics(call())).rejects.toMatchObject({
      retriable: false,
      hint: expect.stringContaining('give its CA'),
    });
  });

  it('spoken to a broker without it fails with what to check', async () => {
    await using broker = await startDevBroker();
    await using client = connectKafka({
      bootstrapServers: [broker.bootstrapServers],
      clientId: 'x',
      tls: true,
    });
    await expect(client.listTopics(call(1_000))).rejects.toMatchObject({
      kafkaName: 'UNREACHABLE',
      hint: expect.stringContaining('TLS'),
    });
  });

  it('not spoken to a broker that needs it fails with what to check', async () => {
    await using broker = await startDevBroker(server);
    await using client = connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'x' });
    await expect(client.listTopics(call(1_000))).rejects.toMatchObject({
      kafkaName: 'UNREACHABLE',
      hint: expect.stringContaining('TLS'),
    });
  });
});
