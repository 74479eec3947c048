import { beforeAll, describe, expect, it } from 'vitest';
import { topicPartition } from '../../api/topic-partition.ts';
import { type KafkaProbe, recordFor } from './kafka-probe.ts';
import { TransactionalProbe } from './transactional-probe.ts';

/** A broker writes the markers of a transaction after it has answered its end. */
const soon = { timeout: 15_000, interval: 20 };

/** Part of the Kafka client suite: transactions are seen as a whole or not at all. */
export function describeTransactions(probe: () => KafkaProbe): void {
  describe('transactions', () => {
    let on: TransactionalProbe;
    beforeAll(() => {
      on = new TransactionalProbe(probe());
    });
    const uncommitted = { isolation: 'read_uncommitted' } as const;

    it('are seen when committed and never when aborted, except by readers of uncommitted records', async () => {
      const topic = await probe().newTopic();
      const producer = await on.producer(topic);
      await on.commit(producer, topic, 'a', 'b');
      const aborted = await on.hold(producer);
      await on.send(aborted.transaction, topic, 'no');
      await aborted.abort();
      await on.commit(producer, topic, 'c');
      await expect.poll(() => on.read(topic), soon).toEqual(['a', 'b', 'c']);
      expect(await on.read(topic, uncommitted)).toEqual(['a', 'b', 'no', 'c']);
      await producer.close();
    });

    it('count the inits of their id, commits and aborts between them or not', async () => {
      const topic = await probe().newTopic();
      const init = async () => {
        const producer = probe().client.transactional(topic, { timeoutMs: 60_000 });
        const epoch = await producer.init(probe().call());
        return { producer, epoch };
      };
      const first = await init();
      await on.commit(first.producer, topic, 'a');
      await on.commit(first.producer, topic, 'b');
      await first.producer.close();
      const second = await init();
      expect(second.epoch).toEqual({
        producerId: first.epoch.producerId,
        epoch: first.epoch.epoch + 1,
      });
      const aborted = await on.hold(second.producer);
      await on.send(aborted.transaction, topic, 'no');
      await aborted.abort();
      await second.producer.close();
      const third = await init();
      expect(third.epoch.epoch).toBe(second.epoch.epoch + 1);
      await third.producer.close();
    });

    it('answer what the work answers, and throw what it throws', async () => {
      const topic = await probe().newTopic();
      const producer = await on.producer(topic);
      expect(await producer.run(async () => 'answer', probe().call())).toBe('answer');
      const reason = new Error('the work failed');
      const failing = producer.run(async (transaction) => {
        await on.send(transaction, topic, 'no');
        throw reason;
      }, probe().call());
      await expect(failing).rejects.toBe(reason);
      await on.commit(producer, topic, 'yes');
      await expect.poll(() => on.read(topic), soon).toEqual(['yes']);
      await producer.close();
    });

    it('hold back what follows as long as they are open', async () => {
      const topic = await probe().newTopic();
      const producer = await on.producer(topic);
      const open = await on.hold(producer);
      await on.send(open.transaction, topic, 'pending');
      await probe().send([recordFor(topic, 'after')]);
      expect(await on.read(topic, uncommitted)).toEqual(['pending', 'after']);
      expect(await on.read(topic)).toEqual([]);
      expect(await on.watermarks(topic)).toEqual({ lastStableOffset: 0n, highWatermark: 2n });
      const ask = [{ topic, partition: 0, at: 'latest' as const }];
      const latest = async (isolation: 'read_committed' | 'read_uncommitted') =>
        (await probe().client.listOffsets(ask, { ...probe().call(), isolation })).get(
          topicPartition(topic, 0),
        );
      expect(await latest('read_committed')).toEqual({ offset: 0n });
      expect(await latest('read_uncommitted')).toEqual({ offset: 2n });
      await open.commit();
      await expect.poll(() => on.read(topic), soon).toEqual(['pending', 'after']);
      expect(await on.watermarks(topic)).toEqual({ lastStableOffset: 3n, highWatermark: 3n });
      await producer.close();
    });

    it('of different ids interleave, each with its own outcome', async () => {
      const topic = await probe().newTopic();
      const producers = await Promise.all(['a', 'b', 'c'].map((id) => on.producer(`${topic}-${id}`)));
      const [a, b, c] = await Promise.all(producers.map((producer) => on.hold(producer)));
      if (!a || !b || !c) throw new Error('three were asked for');
      for (const [held, value] of [
        [a, 'a1'],
        [b, 'b1'],
        [c, 'c1'],
        [a, 'a2'],
        [c, 'c2'],
      ] as const)
        await on.send(held.transaction, topic, value);
      await a.abort();
      await on.send(b.transaction, topic, 'b2');
      await b.commit();
      await on.send(c.transaction, topic, 'c3');
      await c.commit();
      await expect.poll(() => on.read(topic), soon).toEqual(['b1', 'c1', 'c2', 'b2', 'c3']);
      for (const producer of producers) await producer.close();
    });

    it('cover several partitions and topics at once', async () => {
      const [one, two] = [await probe().newTopic(2), await probe().newTopic()];
      const producer = await on.producer(one);
      const send = (value: string) => [
        recordFor(one, value),
        recordFor(one, value, { partition: 1 }),
        recordFor(two, value),
      ];
      await producer.run((transaction) => transaction.send(send('yes'), probe().call()), probe().call());
      const aborted = await on.hold(producer);
      await aborted.transaction.send(send('no'), probe().call());
      await aborted.abort();
      for (const [topic, partition] of [
        [one, 0],
        [one, 1],
        [two, 0],
      ] as const) {
        await expect.poll(() => on.read(topic, { partition }), soon).toEqual(['yes']);
        expect(await on.read(topic, { partition, ...uncommitted })).toEqual(['yes', 'no']);
      }
      await producer.close();
    });

    it('follow each other many times, and none is lost or mixed up', async () => {
      const topic = await probe().newTopic();
      const producer = await on.producer(topic);
      const kept: string[] = [];
      for (let round = 0; round < 40; round++) {
        const open = await on.hold(producer);
        await on.send(open.transaction, topic, `${round} first`);
        await on.send(open.transaction, topic, `${round} second`);
        if (round % 4 === 3) await open.abort();
        else {
          await open.commit();
          kept.push(`${round} first`, `${round} second`);
        }
      }
      await expect.poll(() => on.read(topic), soon).toEqual(kept);
      await producer.close();
    });

    it('of many ids at the same time do not disturb each other', async () => {
      const topic = await probe().newTopic(4);
      const values = (id: number) => Array.from({ length: 10 }, (_, round) => `${id} ${round}`);
      await Promise.all(
        [0, 1, 2, 3].map(async (id) => {
          const producer = await on.producer(`${topic}-${id}`);
          for (const value of values(id)) {
            const records = [0, 1, 2, 3].map((partition) => recordFor(topic, value, { partition }));
            await producer.run((transaction) => transaction.send(records, probe().call()), probe().call());
          }
          await producer.close();
        }),
      );
      for (const partition of [0, 1, 2, 3]) {
        const ofId = async (id: number) =>
          (await on.read(topic, { partition })).filter((value) => value?.startsWith(`${id} `));
        for (const id of [0, 1, 2, 3]) await expect.poll(() => ofId(id), soon).toEqual(values(id));
      }
    });

    it('keep the order of sends that overlap, and wait for sends that nobody awaited', async () => {
      const topic = await probe().newTopic();
      const producer = await on.producer(topic);
      const values = Array.from({ length: 30 }, (_, index) => String(index));
      await producer.run(async (transaction) => {
        for (const value of values) void transaction.send([recordFor(topic, value)], probe().call());
      }, probe().call());
      await expect.poll(() => on.read(topic), soon).toEqual(values);
      await producer.close();
    });

    it('of several megabytes are as whole as small ones', async () => {
      const topic = await probe().newTopic();
      const producer = await on.producer(topic);
      const values = Array.from({ length: 400 }, (_, index) => `${index} ${'x'.repeat(10_000)}`);
      await on.commit(producer, topic, ...values);
      await expect.poll(async () => (await on.read(topic)).length, soon).toBe(400);
      expect(await on.read(topic)).toEqual(values);
      await producer.close();
    });
  });
}
