import { describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { CallOptions } from '../../../lib/kafka/ports.ts';
import { startKafka } from '../servers/kafka.ts';
import { javaUnavailable } from '../servers/maven-jars.ts';

const topic = 'restarted';
const partitions = 3;
const call = (): CallOptions => ({ deadline: deadlineIn(60_000, systemClock) });
const missing = await javaUnavailable();

describe.skipIf(missing !== undefined)(`on Apache Kafka${missing ? `: ${missing}` : ''}`, () => {
  it('a kill of the broker loses, repeats and reorders nothing of what an idempotent producer sends', async () => {
    await using broker = await startKafka();
    await using client = connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'restart' });
    await client.createTopics([{ topic, partitions, replicationFactor: -1 }], call());
    const producer = client.producer({});
    let restarting = true;
    const restart = broker.restart().then(() => (restarting = false));
    let sent = 0;
    const send = async (): Promise<void> => {
      const records = Array.from({ length: 300 }, (_, index) => {
        const value = Buffer.from(`${sent + index} ${'x'.repeat(500)}`);
        return { topic, partition: (sent + index) % partitions, key: null, value, timestamp: null };
      });
      sent += records.length;
      const produced = await producer.send(records, call());
      for (const { error } of produced.values()) expect(error).toBeUndefined();
    };
    while (restarting) await Promise.all([send(), send(), send()]);
    await restart;
    await send();
    for (let partition = 0; partition < partitions; partition++) {
      const seen: number[] = [];
      for (let offset = 0n, end = 1n; offset < end; ) {
        const request = {
          assignments: [{ topic, partition, offset }],
          maxBytes: 5_000_000,
          minBytes: 1,
          maxWaitMs: 500,
          isolation: 'read_committed',
        } as const;
        const fetched = (await client.fetch(request, call())).get(topicPartition(topic, partition));
        if (!fetched || fetched.error) throw fetched?.error ?? new Error('not in the answer');
        seen.push(
          ...fetched.records.map(({ value }) => Number.parseInt(Buffer.from(value ?? []).toString(), 10)),
        );
        offset = fetched.nextOffset;
        end = fetched.highWatermark;
      }
      expect(seen).toEqual(
        Array.from({ length: sent / partitions }, (_, index) => index * partitions + partition),
      );
    }
  });
});
