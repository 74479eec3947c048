import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { startDevBroker, type DevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import type { FaultAction } from '../../../lib/kafka/dev-broker/faults.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { TransactionalProducer } from '../../../lib/kafka/ports.ts';
import { KafkaProbe, recordFor } from '../../../lib/testing/kafka/kafka-probe.ts';
import { TransactionalProbe } from '../../../lib/testing/kafka/transactional-probe.ts';
import { groupOffsetReader } from './group-offset-reader.ts';

describe('transactions through the Kafka client, when the broker misbehaves', () => {
  let broker: DevBroker;
  let probe: KafkaProbe;
  let on: TransactionalProbe;
  let topic: string;
  let producer: TransactionalProducer;

  beforeEach(async () => {
    broker = await startDevBroker({ nodes: 2 });
    probe = new KafkaProbe({
      connect: () => connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'faults' }),
      clock: systemClock,
      groupOffset: groupOffsetReader(broker.bootstrapServers),
      close: () => broker.close(),
    });
    on = new TransactionalProbe(probe);
    topic = await probe.newTopic(2);
    producer = await on.producer('id');
  });
  afterEach(() => probe.close());

  const drop: FaultAction = { kind: 'drop request' };
  const error = (code: number): FaultAction => ({ kind: 'error', code });
  const lost: [string, FaultAction][] = [
    ['the request is lost', drop],
    ['the answer is lost', { kind: 'drop answer' }],
    ['the answer is cut', { kind: 'cut answer' }],
  ];
  const tooEarly: [string, FaultAction][] = [
    ['the transaction before has not ended', error(51)],
    ['the coordinator loads', error(14)],
    ['there is no coordinator', error(15)],
    ['the coordinator has moved', error(16)],
  ];

  const unanswered: [string, FaultAction, string[]][] = [
    ['the request was lost', drop, []],
    ['only the answer was lost', { kind: 'drop answer' }, ['a', 'b']],
    ['the answer was cut', { kind: 'cut answer' }, ['a', 'b']],
    ['the answer came too late', { kind: 'delay', ms: 1_500 }, ['a', 'b']],
  ];
  it.each(unanswered)(
    'a commit without an answer is an unknown outcome, and a new init tells: %s',
    async (_what, fault, committed) => {
      broker.faults.next('EndTxn', fault);
      const run = producer.run(
        (transaction) => on.send(transaction, topic, 'a', 'b'),
        fault.kind === 'delay' ? probe.call(500) : probe.call(),
      );
      const failure: unknown = await run.catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({ failure: 'OUTCOME_UNKNOWN', retriable: false, spent: true });
      await expect(on.commit(producer, topic, 'no')).rejects.toBe(failure);
      const next = await on.producer('id');
      expect(await on.read(topic)).toEqual(committed);
      await on.commit(next, topic, 'next');
      expect(await on.read(topic)).toEqual([...committed, 'next']);
    },
  );

  it('a commit that may have been taken by the coordinator before is an unknown outcome when it is refused', async () => {
    broker.faults.next('EndTxn', error(16));
    broker.faults.next('EndTxn', error(47));
    await expect(on.commit(producer, topic, 'a')).rejects.toMatchObject({
      failure: 'OUTCOME_UNKNOWN',
      kafkaCode: 47,
    });
  });

  it.each([...lost, ...tooEarly])('an abort is repeated when %s', async (_what, fault) => {
    const open = await on.hold(producer);
    await on.send(open.transaction, topic, 'no');
    broker.faults.next('EndTxn', fault);
    await open.abort();
    await on.commit(producer, topic, 'yes');
    expect(await on.read(topic)).toEqual(['yes']);
  });

  it('after an abort that was never confirmed the work fails as it did, and the producer is spent', async () => {
    const open = await on.hold(producer);
    await on.send(open.transaction, topic, 'no');
    broker.faults.next('EndTxn', error(48));
    await open.abort();
    await expect(on.commit(producer, topic, 'no')).rejects.toMatchObject({ failure: 'RETRIABLE' });
    await on.commit(await on.producer('id'), topic, 'yes');
    expect(await on.read(topic)).toEqual(['yes']);
  });

  it('a refused record whose abort is not confirmed leaves a producer that is spent, and says so', async () => {
    broker.faults.next('EndTxn', error(48));
    const refused = producer.run(async (transaction) => {
      await on.send(transaction, topic, 'no');
      await transaction.send([recordFor(topic, 'x'.repeat(2_000_000))], probe.call());
    }, probe.call());
    await expect(refused).rejects.toMatchObject({ failure: 'RETRIABLE', spent: true });
    await on.commit(await on.producer('id'), topic, 'yes');
    expect(await on.read(topic)).toEqual(['yes']);
  });

  it.each(tooEarly)('a commit is repeated when %s', async (_what, fault) => {
    broker.faults.next('EndTxn', fault, 3);
    await on.commit(producer, topic, 'a');
    await on.commit(producer, topic, 'b');
    expect(await on.read(topic)).toEqual(['a', 'b']);
  });

  it.each([...lost, ...tooEarly])('an init is repeated when %s', async (_what, fault) => {
    broker.faults.next('InitProducerId', fault);
    const next = await on.producer('id');
    await on.commit(next, topic, 'a');
    await expect(on.commit(producer, topic, 'no')).rejects.toMatchObject({ failure: 'FENCED' });
    expect(await on.read(topic)).toEqual(['a']);
  });

  it('an init waits for its coordinator to be there', async () => {
    broker.faults.next('FindCoordinator', error(15), 3);
    await on.commit(await on.producer('other'), topic, 'a');
    expect(await on.read(topic)).toEqual(['a']);
  });

  it('an init that runs out of time can be tried again with a new producer', async () => {
    broker.faults.next('InitProducerId', error(14), 50);
    const late = probe.client.transactional('id', { timeoutMs: 60_000 });
    await expect(late.init(probe.call(250))).rejects.toMatchObject({
      failure: 'RETRIABLE',
      retriable: true,
      kafkaName: 'COORDINATOR_LOAD_IN_PROGRESS',
    });
    await expect(late.init(probe.call())).rejects.toMatchObject({ failure: 'RETRIABLE' });
  });

  it.each([...lost, ...tooEarly])(
    'partitions join the transaction in the end when %s',
    async (_what, fault) => {
      broker.faults.next('AddPartitionsToTxn', fault);
      await on.commit(producer, topic, 'a');
      expect(await on.read(topic)).toEqual(['a']);
    },
  );

  it.each([...lost, ['too few replicas are in sync', error(19)] as const])(
    'nothing is twice, missing or out of order when %s in the middle of a transaction',
    async (_what, fault) => {
      const values = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(100_000)}`);
      const open = await on.hold(producer);
      const sends: Promise<void>[] = [];
      for (let at = 0; at < 60; at += 20) {
        broker.faults.next('Produce', fault);
        sends.push(on.send(open.transaction, topic, ...values.slice(at, at + 20)));
      }
      await Promise.all(sends);
      await open.commit();
      expect((await on.read(topic)).map((value) => value?.split(' ')[0])).toEqual(
        values.map((_, index) => String(index)),
      );
    },
  );

  it.each([
    ['the sequence is out of order', 45],
    ['the producer is unknown', 59],
  ])('a transaction is given up when %s: no new identity is taken in the middle', async (_what, code) => {
    const open = await on.hold(producer);
    await on.send(open.transaction, topic, 'first');
    broker.faults.next('Produce', error(code));
    await expect(on.send(open.transaction, topic, 'second')).rejects.toMatchObject({ failure: 'RETRIABLE' });
    await expect(open.commit()).rejects.toMatchObject({ failure: 'RETRIABLE', spent: true });
    await on.commit(await on.producer('id'), topic, 'again');
    expect(await on.read(topic)).toEqual(['again']);
  });

  it.each([
    ['Produce', 47],
    ['AddPartitionsToTxn', 47],
    ['AddPartitionsToTxn', 90],
    ['EndTxn', 47],
    ['EndTxn', 90],
  ])('a producer is fenced when %s is answered with %i', async (api, code) => {
    broker.faults.next(api, error(code));
    await expect(on.commit(producer, topic, 'no')).rejects.toMatchObject({
      failure: 'FENCED',
      kafkaCode: code,
    });
    expect(await on.read(topic)).toEqual([]);
  });

  it.each([
    ['InitProducerId', 53, 'transactional id'],
    ['AddPartitionsToTxn', 53, 'transactional id'],
    ['FindCoordinator', 53, 'transactional id'],
  ])('a missing right fails for good, with what to allow: %s', async (api, code, hint) => {
    broker.faults.next(api, error(code));
    const use = async () => on.commit(await on.producer('id'), topic, 'no');
    await expect(use()).rejects.toMatchObject({
      failure: 'FATAL',
      retriable: false,
      hint: expect.stringContaining(hint),
    });
  });

  it('a topic that may not be written aborts the transaction, and the next one commits', async () => {
    broker.faults.next('AddPartitionsToTxn', error(29));
    await expect(on.commit(producer, topic, 'no')).rejects.toMatchObject({
      kafkaName: 'TOPIC_AUTHORIZATION_FAILED',
    });
    await on.commit(producer, topic, 'yes');
    expect(await on.read(topic)).toEqual(['yes']);
  });

  it('a batch that is still on its way when its send gives up never gets into a later transaction', async () => {
    const open = await on.hold(producer);
    await on.send(open.transaction, topic, 'first');
    broker.faults.next('Produce', { kind: 'delay', ms: 1_000 });
    const late = open.transaction.send([recordFor(topic, 'late')], probe.call(200));
    await expect(late).rejects.toMatchObject({ failure: 'RETRIABLE', kafkaName: 'REQUEST_TIMED_OUT' });
    await expect(open.commit()).rejects.toMatchObject({ failure: 'RETRIABLE' });
    await on.commit(await on.producer('id', { client: probe.connect() }), topic, 'again');
    expect(await on.read(topic)).toEqual(['again']);
  });

  it('a send that gives up before anything was sent aborts the transaction only', async () => {
    broker.faults.next('AddPartitionsToTxn', error(51), 20);
    const open = await on.hold(producer);
    const produced = await open.transaction.send([recordFor(topic, 'no')], probe.call(20));
    expect([...produced.values()][0]?.error).toMatchObject({ retriable: true });
    await expect(open.commit()).rejects.toMatchObject({ failure: 'ABORTABLE', retriable: true });
    await on.commit(producer, topic, 'yes');
    expect(await on.read(topic)).toEqual(['yes']);
  });

  it('nothing is committed when the time is up before the commit is asked for', async () => {
    let left = 10_000;
    const deadline = {
      remaining: () => left,
      get expired() {
        return left === 0;
      },
    };
    const late = producer.run(
      async (transaction) => {
        await on.send(transaction, topic, 'no');
        left = 0;
      },
      { deadline },
    );
    await expect(late).rejects.toMatchObject({ failure: 'RETRIABLE' });
    await on.commit(await on.producer('id'), topic, 'yes');
    expect(await on.read(topic)).toEqual(['yes']);
  });

  it('comes through closed connections, a moved partition and a restarted node between two sends', async () => {
    const open = await on.hold(producer);
    await on.send(open.transaction, topic, 'a');
    await broker.faults.closeConnections();
    await probe.client.ensureFresh();
    await on.send(open.transaction, topic, 'b');
    broker.faults.moveLeader(topic, 0, 2);
    await on.send(open.transaction, topic, 'c');
    await broker.faults.stopNode(2);
    const sending = on.send(open.transaction, topic, 'd');
    await broker.faults.startNode(2);
    await sending;
    await open.commit();
    expect(await on.read(topic)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('a node that coordinated and is gone is replaced by the other', async () => {
    await on.commit(producer, topic, 'a');
    for (const partition of [0, 1]) broker.faults.moveLeader(topic, partition, 2);
    await broker.faults.stopNode(1);
    const open = await on.hold(producer);
    await on.send(open.transaction, topic, 'b');
    await open.commit();
    expect(await on.read(topic)).toEqual(['a', 'b']);
  });

  it('a closed producer leaves its transaction to the next init', async () => {
    const open = await on.hold(producer);
    await on.send(open.transaction, topic, 'left');
    await producer.close();
    await expect(on.send(open.transaction, topic, 'no')).rejects.toMatchObject({ kafkaName: 'CLOSED' });
    await expect(open.commit()).rejects.toMatchObject({ failure: 'FATAL' });
    await on.commit(await on.producer('id'), topic, 'yes');
    expect(await on.read(topic)).toEqual(['yes']);
  });
});
