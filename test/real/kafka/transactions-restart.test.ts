import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { TransactionError } from '../../../lib/kafka/transaction-error.ts';
import { KafkaProbe, recordFor } from '../../../lib/testing/kafka/kafka-probe.ts';
import { TransactionalProbe } from '../../../lib/testing/kafka/transactional-probe.ts';
import { groupOffsetReader } from '../../integration/kafka/group-offset-reader.ts';
import { startKafka } from '../servers/kafka.ts';
import { javaUnavailable } from '../servers/maven-jars.ts';

const missing = await javaUnavailable();

describe.skipIf(missing !== undefined)(`on Apache Kafka${missing ? `: ${missing}` : ''}`, () => {
  it('kills of the broker lose and repeat nothing for who starts again from what is committed', async () => {
    const broker = await startKafka();
    const probe = new KafkaProbe({
      connect: () => connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'restart' }),
      clock: systemClock,
      groupOffset: groupOffsetReader(broker.bootstrapServers),
      close: () => broker.close(),
    });
    try {
      const on = new TransactionalProbe(probe);
      const topic = await probe.newTopic(2);
      const failures: string[] = [];
      let next = 0;
      let kills = 0;
      let restart: Promise<void> | undefined;
      const moments = ['before a send', 'during a send', 'before a commit'] as const;
      const killAt = (moment: (typeof moments)[number]): void => {
        if (restart !== undefined || moments[kills] !== moment || next < 50 * (kills + 1)) return;
        kills += 1;
        restart = broker.restart().finally(() => (restart = undefined));
      };
      /** A new producer each time: what is committed says where to go on. */
      const produce = async (): Promise<void> => {
        const producer = probe.client.transactional('restarted', { timeoutMs: 60_000 });
        await producer.init(probe.call(60_000));
        for (next = Number((await on.read(topic)).at(-1) ?? -1) + 1; next < 200; next++) {
          const records = [0, 1].map((partition) => recordFor(topic, String(next), { partition }));
          await producer.run(async (transaction) => {
            killAt('before a send');
            const sending = transaction.send(records, probe.call(30_000));
            killAt('during a send');
            await sending;
            killAt('before a commit');
          }, probe.call(30_000));
        }
      };
      while (next < 200) {
        await produce().catch((error: unknown) => {
          if (!(error instanceof TransactionError)) throw error;
          failures.push(error.failure);
        });
      }
      const expected = Array.from({ length: 200 }, (_, index) => String(index));
      for (const partition of [0, 1])
        await expect.poll(() => on.read(topic, { partition }), { timeout: 15_000 }).toEqual(expected);
      expect(kills).toBe(3);
      expect(failures.filter((failure) => failure === 'FENCED' || failure === 'FATAL')).toEqual([]);
    } finally {
      await probe.close();
    }
  });
});
