import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { startDevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { CallOptions } from '../../../lib/kafka/ports.ts';

const call = (): CallOptions => ({ deadline: deadlineIn(10_000, systemClock) });
const user = { username: 'ann', password: 'sesame' };

describe('signing in', () => {
  it.each(['drop request', 'drop answer'] as const)(
    'is tried again when the broker goes away in the middle of it (%s)',
    async (kind) => {
      await using broker = await startDevBroker({ user });
      await using client = connectKafka({
        bootstrapServers: [broker.bootstrapServers],
        clientId: 'x',
        sasl: { mechanism: 'plain', ...user },
      });
      broker.faults.next('SaslAuthenticate', { kind });
      expect(await client.listTopics(call())).toEqual([]);
    },
  );

  it('with a mechanism that the broker does not have fails for good', async () => {
    await using broker = await startDevBroker({ user });
    await using client = connectKafka({
      bootstrapServers: [broker.bootstrapServers],
      clientId: 'x',
      sasl: { mechanism: 'scram-sha-512', ...user },
    });
    await expect(client.listTopics(call())).rejects.toMatchObject({
      kafkaName: 'UNSUPPORTED_SASL_MECHANISM',
      retriable: false,
      message: expect.stringContaining('SCRAM-SHA-512 is not enabled on its listener, which has PLAIN'),
      hint: expect.any(String),
    });
  });

  it('to a broker without SASL fails for good', async () => {
    await using broker = await startDevBroker();
    await using client = connectKafka({
      bootstrapServers: [broker.bootstrapServers],
      clientId: 'x',
      sasl: { mechanism: 'plain', ...user },
    });
    await expect(client.listTopics(call())).rejects.toMatchObject({
      kafkaName: 'ILLEGAL_SASL_STATE',
      retriable: false,
      message: expect.stringContaining('it has no SASL'),
      hint: expect.stringContaining('security.protocol'),
    });
  });

  it('leaves the options as they were given', async () => {
    await using broker = await startDevBroker({ user });
    const sasl = Object.freeze({ mechanism: 'plain', ...user } as const);
    await using client = connectKafka({
      bootstrapServers: [broker.bootstrapServers],
      clientId: 'x',
      sasl,
    });
    expect(await client.listTopics(call())).toEqual([]);
  });
});
