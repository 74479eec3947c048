import { beforeAll, describe, expect, it } from 'vitest';
import { topicPartition } from '../../api/topic-partition.ts';
import { type KafkaProbe, recordFor } from './kafka-probe.ts';
import { TransactionalProbe } from './transactional-probe.ts';

const soon = { timeout: 15_000, interval: 20 };

/** Part of the Kafka client suite: how transactions fail, and who may go on. */
export function describeTransactionFailures(probe: () => KafkaProbe): void {
  describe('transactions that fail', () => {
    let on: TransactionalProbe;
    beforeAll(() => {
      on = new TransactionalProbe(probe());
    });

    it('a second init of the id aborts what the first producer left open, and fences it', async () => {
      const topic = await probe().newTopic();
      const zombie = await on.producer(topic);
      const open = await on.hold(zombie);
      await on.send(open.transaction, topic, 'left open');
      const successor = await on.producer(topic, { client: probe().connect() });
      await expect(on.send(open.transaction, topic, 'too late')).rejects.toMatchObject({
        failure: 'FENCED',
        code: 'FENCED',
        retriable: false,
      });
      await expect(open.commit()).rejects.toMatchObject({ failure: 'FENCED' });
      await expect(on.commit(zombie, topic, 'still too late')).rejects.toMatchObject({ failure: 'FENCED' });
      await on.commit(successor, topic, 'mine');
      await expect.poll(() => on.read(topic), soon).toEqual(['mine']);
      for (const producer of [zombie, successor]) await producer.close();
    });

    it('a zombie that only has to commit is fenced, and nothing of it is seen', async () => {
      const topic = await probe().newTopic();
      const zombie = await on.producer(topic);
      const open = await on.hold(zombie);
      await on.send(open.transaction, topic, 'left open');
      const successor = await on.producer(topic);
      await expect(open.commit()).rejects.toMatchObject({ failure: 'FENCED' });
      await on.commit(successor, topic, 'mine');
      await expect.poll(() => on.read(topic), soon).toEqual(['mine']);
      for (const producer of [zombie, successor]) await producer.close();
    });

    it('a zombie without an open transaction is fenced by its next send', async () => {
      const topic = await probe().newTopic();
      const zombie = await on.producer(topic);
      await on.commit(zombie, topic, 'before');
      const successor = await on.producer(topic);
      await expect(on.commit(zombie, topic, 'after')).rejects.toMatchObject({ failure: 'FENCED' });
      await on.commit(successor, topic, 'mine');
      await expect.poll(() => on.read(topic), soon).toEqual(['before', 'mine']);
      for (const producer of [zombie, successor]) await producer.close();
    });

    it('an init alone fences an id', async () => {
      const topic = await probe().newTopic();
      const fenced = await on.producer(topic);
      await (await on.producer(topic)).close();
      await expect(on.commit(fenced, topic, 'no')).rejects.toMatchObject({ failure: 'FENCED' });
      expect(await on.read(topic)).toEqual([]);
      await fenced.close();
    });

    it('an empty transaction commits, though its producer is a zombie: it is no check for fencing', async () => {
      const topic = await probe().newTopic();
      const zombie = await on.producer(topic);
      const successor = await on.producer(topic);
      await zombie.run(async () => undefined, probe().call());
      await expect(on.commit(zombie, topic, 'no')).rejects.toMatchObject({ failure: 'FENCED' });
      await on.commit(successor, topic, 'mine');
      await expect.poll(() => on.read(topic), soon).toEqual(['mine']);
      for (const producer of [zombie, successor]) await producer.close();
    });

    it('every init starts the sequences anew', async () => {
      const topic = await probe().newTopic();
      for (const round of ['first', 'second', 'third']) {
        const producer = await on.producer(topic);
        await on.commit(producer, topic, `${round} 1`, `${round} 2`);
        await on.commit(producer, topic, `${round} 3`);
        await producer.close();
      }
      const rounds = ['first', 'second', 'third'];
      const values = rounds.flatMap((round) => [1, 2, 3].map((n) => `${round} ${n}`));
      await expect.poll(() => on.read(topic), soon).toEqual(values);
    });

    it('a record that is too large aborts the whole transaction, and the next one commits', async () => {
      const topic = await probe().newTopic(2, { 'max.message.bytes': '20000' });
      const producer = await on.producer(topic);
      await on.commit(producer, topic, 'before');
      const ignored = producer.run(async (transaction) => {
        await on.send(transaction, topic, 'small');
        const records = [
          recordFor(topic, 'x'.repeat(30_000)),
          recordFor(topic, 'other partition', { partition: 1 }),
        ];
        const produced = await transaction.send(records, probe().call());
        expect(produced.get(topicPartition(topic, 0))?.error).toMatchObject({
          kafkaName: 'MESSAGE_TOO_LARGE',
        });
        expect(produced.get(topicPartition(topic, 1))?.error).toBeUndefined();
      }, probe().call());
      await expect(ignored).rejects.toMatchObject({
        failure: 'ABORTABLE',
        kafkaName: 'MESSAGE_TOO_LARGE',
        retriable: false,
        topic,
        partition: 0,
      });
      await on.commit(producer, topic, 'after');
      await expect.poll(() => on.read(topic), soon).toEqual(['before', 'after']);
      expect(await on.read(topic, { partition: 1 })).toEqual([]);
      await producer.close();
    });

    it('a partition that does not exist aborts the transaction, and the next one commits', async () => {
      const topic = await probe().newTopic();
      const producer = await on.producer(topic);
      const nowhere = [recordFor(topic, 'there'), recordFor(topic, 'nowhere', { partition: 7 })];
      const failing = producer.run(
        (transaction) => transaction.send(nowhere, probe().call()),
        probe().call(),
      );
      await expect(failing).rejects.toMatchObject({
        failure: 'ABORTABLE',
        kafkaName: 'UNKNOWN_TOPIC_OR_PARTITION',
      });
      await on.commit(producer, topic, 'yes');
      await expect.poll(() => on.read(topic), soon).toEqual(['yes']);
      await producer.close();
    });

    it('one that is open for longer than its timeout is aborted, and its producer fenced', async () => {
      const topic = await probe().newTopic();
      const producer = await on.producer(topic, { timeoutMs: 1_000 });
      const open = await on.hold(producer);
      await on.send(open.transaction, topic, 'forgotten');
      await probe().send([recordFor(topic, 'after')]);
      await expect.poll(() => on.read(topic), soon).toEqual(['after']);
      await expect(open.commit()).rejects.toMatchObject({ failure: 'FENCED' });
      expect(await on.read(topic)).toEqual(['after']);
      await producer.close();
    });

    it('a signal that is aborted aborts the transaction, and its reason is thrown', async () => {
      const topic = await probe().newTopic();
      const producer = await on.producer(topic);
      const stop = new AbortController();
      const stopped = producer.run(
        async (transaction) => {
          await on.send(transaction, topic, 'no');
          stop.abort(new Error('the run ends'));
        },
        { ...probe().call(), signal: stop.signal },
      );
      await expect(stopped).rejects.toThrow('the run ends');
      await on.commit(producer, topic, 'yes');
      await expect.poll(() => on.read(topic), soon).toEqual(['yes']);
      await producer.close();
    });

    it('a timeout that the broker does not allow fails for good', async () => {
      const producer = probe().client.transactional('too-long', { timeoutMs: 2_000_000_000 });
      await expect(producer.init(probe().call())).rejects.toMatchObject({
        failure: 'FATAL',
        kafkaName: 'INVALID_TRANSACTION_TIMEOUT',
        retriable: false,
        hint: expect.stringContaining('transaction.max.timeout.ms'),
      });
      await expect(producer.run(async () => undefined, probe().call())).rejects.toMatchObject({
        failure: 'FATAL',
      });
      await producer.close();
    });

    it('use before init, a second init, and two transactions at once are refused', async () => {
      const topic = await probe().newTopic();
      const fresh = probe().client.transactional(topic, { timeoutMs: 60_000 });
      await expect(fresh.run(async () => undefined, probe().call())).rejects.toThrow('Bug');
      await fresh.init(probe().call());
      await expect(fresh.init(probe().call())).rejects.toThrow('Bug');
      const open = await on.hold(fresh);
      await expect(fresh.run(async () => undefined, probe().call())).rejects.toThrow('Bug');
      await on.send(open.transaction, topic, 'yes');
      await open.commit();
      await expect(on.send(open.transaction, topic, 'too late')).rejects.toThrow('Bug');
      await fresh.close();
      await expect(fresh.run(async () => undefined, probe().call())).rejects.toThrow('closed');
      await expect.poll(() => on.read(topic), soon).toEqual(['yes']);
    });
  });
}
