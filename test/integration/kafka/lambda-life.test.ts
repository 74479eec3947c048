import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { type Clock, systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { createLogger, type LogLine } from '../../../lib/foundation/logger.ts';
import { startDevBroker, type DevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { CallOptions, KafkaClient } from '../../../lib/kafka/ports.ts';
import { recordFor, requestFor } from '../../../lib/testing/kafka/kafka-probe.ts';

const topic = 'runs';
const call = (ms = 5_000): CallOptions => ({ deadline: deadlineIn(ms, systemClock) });

/** One process on Lambda: runs come one after the other, with pauses and freezes between them. */
describe('a process that serves many runs', () => {
  let broker: DevBroker;
  let client: KafkaClient;
  let log: LogLine[];
  let connections: number;
  let inHand: number;
  let sleeping: number;
  let wallClockAheadMs: number;

  beforeEach(async () => {
    [connections, inHand, sleeping, wallClockAheadMs] = [0, 0, 0, 0];
    log = [];
    broker = await startDevBroker({
      observe: ({ kind }) => {
        if (kind === 'connected') connections++;
        if (kind === 'request') inHand++;
        if (kind === 'done') inHand--;
      },
    });
    const clock: Clock = {
      ...systemClock,
      now: () => systemClock.now() + wallClockAheadMs,
      sleep: async (ms, signal) => {
        sleeping++;
        try {
          await systemClock.sleep(ms, signal);
        } finally {
          sleeping--;
        }
      },
    };
    client = connectKafka(
      { bootstrapServers: [broker.bootstrapServers], clientId: 'runs' },
      { clock, log: createLogger((line) => log.push(line), 'info') },
    );
    await client.createTopics([{ topic, partitions: 1, replicationFactor: -1 }], call());
  });
  afterEach(async () => {
    await client.close();
    await broker.close();
  });

  /** What a source and a sink do with the client in a run. */
  const run = async (number: number): Promise<void> => {
    await client.ensureFresh();
    const producer = client.producer({});
    const produced = await producer.send([recordFor(topic, String(number))], call());
    expect(produced.get(topicPartition(topic, 0))?.error).toBeUndefined();
    await producer.close();
    const request = requestFor([{ topic, partition: 0, offset: BigInt(number) }], { maxWaitMs: 10 });
    const fetched = (await client.fetch(request, call())).get(topicPartition(topic, 0));
    expect(fetched).toMatchObject({ nextOffset: BigInt(number) + 1n });
    expect(
      (
        await client.fetch(
          requestFor([{ topic, partition: 0, offset: BigInt(number) + 1n }], { maxWaitMs: 10 }),
          call(),
        )
      ).size,
    ).toBe(1);
  };

  it('opens two connections to a broker for all of them, and leaves no request and no timer behind', async () => {
    for (let number = 0; number < 20; number++) {
      await run(number);
      // Rejections of called-off sleeps take their turns.
      await expect.poll(() => [inHand, sleeping]).toEqual([0, 0]);
    }
    expect(connections).toBe(2);
    expect(log).toEqual([]);
  });

  it('opens them anew after a pause in which they died without a sign', async () => {
    await run(0);
    broker.faults.silenceConnections();
    wallClockAheadMs = 5 * 60_000;
    await run(1);
    expect(connections).toBe(4);
    expect(log).toEqual([]);
  });

  it('keeps them over a short pause', async () => {
    await run(0);
    wallClockAheadMs = 3 * 60_000;
    await run(1);
    expect(connections).toBe(2);
  });

  it('goes on at once after the broker has closed them', async () => {
    await run(0);
    await broker.faults.closeConnections();
    await run(1);
    expect(connections).toBe(4);
    expect(log).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'goes on at once when it was frozen while the broker closed them, and Node has nothing to warn of',
    async () => {
      const lib = join(import.meta.dirname, '../../../lib');
      const script = `
        import { createInterface } from 'node:readline';
        import { connectKafka } from '${lib}/kafka/client/connect-kafka.ts';
        import { deadlineIn } from '${lib}/foundation/deadline.ts';
        import { systemClock } from '${lib}/foundation/clock.ts';
        const client = connectKafka({ bootstrapServers: ['${broker.bootstrapServers}'], clientId: 'frozen' });
        const record = { topic: '${topic}', partition: 0, key: null, value: null, timestamp: null };
        for await (const line of createInterface({ input: process.stdin })) {
          const call = { deadline: deadlineIn(5_000, systemClock) };
          await client.ensureFresh();
          const producer = client.producer({});
          const [[, { baseOffset, error }]] = await producer.send([record], call);
          await producer.close();
          if (error) throw error;
          console.log(line + ' ' + baseOffset);
        }
        await client.close();
      `;
      const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script]);
      const stderr = text(child.stderr);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const runOf = async (name: string): Promise<unknown> => {
        child.stdin.write(`${name}\n`);
        return (await lines.next()).value;
      };
      expect(await runOf('before')).toBe('before 0');
      child.kill('SIGSTOP');
      await broker.faults.closeConnections();
      child.kill('SIGCONT');
      expect(await runOf('after')).toBe('after 1');
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
      expect([child.exitCode, await stderr]).toEqual([0, '']);
    },
  );
});
