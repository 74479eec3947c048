import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { startDevBroker, type DevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { KafkaProbe, recordFor, textsOf } from '../../../lib/testing/kafka/kafka-probe.ts';
import { TransactionalProbe } from '../../../lib/testing/kafka/transactional-probe.ts';
import { groupOffsetReader } from './group-offset-reader.ts';
import { libraryFetch, libraryTexts } from './library-reader.ts';

const library = createRequire(import.meta.url);

const codes = { notCoordinator: 16, notEnoughReplicas: 19, coordinatorLoads: 14 } as const;
/** More failures than kafkajs retries anything but a send of an idempotent producer. */
const manyTimes = 30;

/** As in library-defects-reading.test.ts: each defect in kafkajs' own path, and beside it our client. */
describe('what kafkajs writes wrong, and our client right', () => {
  let broker: DevBroker;
  let probe: KafkaProbe;
  let on: TransactionalProbe;
  let topic: string;
  let kafka: Kafka;

  beforeEach(async () => {
    broker = await startDevBroker();
    probe = new KafkaProbe({
      connect: () => connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'ours' }),
      clock: systemClock,
      groupOffset: groupOffsetReader(broker.bootstrapServers),
      close: () => broker.close(),
    });
    on = new TransactionalProbe(probe);
    topic = await probe.newTopic();
    kafka = new Kafka({
      brokers: [broker.bootstrapServers],
      logLevel: logLevel.NOTHING,
      // Its own defaults but for the waiting.
      retry: { initialRetryTime: 1, maxRetryTime: 1 },
    });
  });
  afterEach(() => probe.close());

  const libraryProducer = async (transactionalId: string) => {
    const producer = kafka.producer({
      transactionalId,
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  };
  const message = (value: string) => ({ topic, messages: [{ partition: 0, key: 'k', value }] });

  it.each([
    ['the coordinator loads', codes.coordinatorLoads],
    ['the coordinator has moved', codes.notCoordinator],
  ])('K8: a commit is not sent again when %s, and the producer is stuck', async (_what, code) => {
    const producer = await libraryProducer('library');
    const transaction = await producer.transaction();
    await transaction.send(message('library'));
    broker.faults.next('EndTxn', { kind: 'error', code });
    await expect(transaction.commit()).rejects.toMatchObject({ code });
    await expect(transaction.abort()).rejects.toThrow(/once ended/);
    await expect(producer.transaction()).rejects.toThrow(/state/i);
    await producer.disconnect();

    const ourTopic = await probe.newTopic();
    const ours = await on.producer('ours');
    broker.faults.next('EndTxn', { kind: 'error', code });
    await on.commit(ours, ourTopic, 'ours');
    await on.commit(ours, ourTopic, 'goes on');
    expect(await on.read(ourTopic)).toEqual(['ours', 'goes on']);
  });

  it('K8: a commit without an answer fails like one that was refused, and the producer is stuck', async () => {
    const producer = await libraryProducer('library');
    const transaction = await producer.transaction();
    await transaction.send(message('library'));
    broker.faults.next('EndTxn', { kind: 'drop answer' });
    await expect(transaction.commit()).rejects.toThrow(/Connection|Closed/i);
    await expect(producer.transaction()).rejects.toThrow(/state/i);
    await producer.disconnect();
    // Though it has been committed:
    const [read] = await libraryFetch(broker.bootstrapServers, topic, [0n]);
    expect(read && libraryTexts(read)).toEqual(['library']);

    const ourTopic = await probe.newTopic();
    const ours = await on.producer('ours');
    broker.faults.next('EndTxn', { kind: 'drop answer' });
    await expect(on.commit(ours, ourTopic, 'ours')).rejects.toMatchObject({ failure: 'OUTCOME_UNKNOWN' });
    await on.producer('ours');
    expect(await on.read(ourTopic)).toEqual(['ours']);
  });

  it('K8: a producer object takes its id once: one that was fenced, or lost it, is of no use any more', async () => {
    // The request that could tell the broker the id and epoch it had (KIP-360) is version 3.
    expect(Math.max(...versionsOf('InitProducerId'))).toBe(1);
    const producer = await libraryProducer('shared');
    await (await producer.transaction()).commit();
    await on.producer('shared'); // fences it
    for (const value of ['first', 'second']) {
      const transaction = await producer.transaction();
      await expect(transaction.send(message(value))).rejects.toThrow(/epoch/);
      await transaction.abort();
    }
    await producer.disconnect();

    const fenced = await on.producer('shared');
    const owner = await on.producer('shared');
    await expect(on.commit(fenced, topic, 'no')).rejects.toMatchObject({ failure: 'FENCED', spent: true });
    await on.commit(owner, topic, 'ours');
    expect(await on.read(topic)).toEqual(['ours']);
  });

  it('K9: an idempotent send is tried again for ever, where ours ends with its deadline', async () => {
    const refused = { kind: 'error', code: codes.notEnoughReplicas } as const;
    const send = async (idempotent: boolean) => {
      const producer = kafka.producer({ idempotent, createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      try {
        return await producer.send(message('library'));
      } finally {
        await producer.disconnect();
      }
    };
    broker.faults.next('Produce', refused, manyTimes);
    await expect(send(false)).rejects.toThrow(/in-sync/);
    // What is left of the failures, and no option of the send would end it before.
    expect(await send(true)).toHaveLength(1);

    broker.faults.next('Produce', refused, Number.POSITIVE_INFINITY);
    const producer = probe.client.producer({});
    const produced = await producer.send([recordFor(topic, 'ours')], probe.call(300));
    expect(produced.get(topicPartition(topic, 0))?.error).toMatchObject({
      kafkaName: 'NOT_ENOUGH_REPLICAS',
      retriable: true,
    });
    await producer.close();
    expect(textsOf((await probe.readAll(topic))[0] ?? [])).toEqual(['library']);
  });

  it('K11: a topic that was created anew is not known by an epoch or an id, only by an offset it no longer has', async () => {
    // Ids of topics came with Metadata 10 and Fetch 13.
    expect(versionsOf('OffsetForLeaderEpoch')).toEqual([]);
    expect(Math.max(...versionsOf('Metadata'))).toBe(6);
    expect(Math.max(...versionsOf('Fetch'))).toBe(11);

    await probe.send(['a', 'b', 'c'].map((value) => recordFor(topic, value)));
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
    await admin.disconnect();
    // Ours says so of the partition, and where it begins and ends now: `auto.offset.reset` goes on from there.
    expect(await probe.fetchAt(topic, 3n, { maxWaitMs: 10 })).toMatchObject({
      nextOffset: 3n,
      error: { kafkaName: 'OFFSET_OUT_OF_RANGE', topic, partition: 0 },
    });
    const latest = [{ topic, partition: 0, at: 'latest' }] as const;
    expect(await probe.client.listOffsets(latest, probe.call())).toEqual(
      new Map([[topicPartition(topic, 0), { offset: 0n }]]),
    );
  });
});

function versionsOf(api: string): number[] {
  const { requests } = library('kafkajs/src/protocol/requests') as {
    readonly requests: Readonly<Record<string, { readonly versions: readonly string[] }>>;
  };
  return (requests[api]?.versions ?? [-1]).map(Number);
}
