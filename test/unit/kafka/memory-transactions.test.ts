import { beforeEach, describe, expect, it } from 'vitest';
import { KafkaError } from '../../../lib/kafka/kafka-error.ts';
import { MemoryClient } from '../../../lib/kafka/memory/memory-client.ts';
import { type KafkaOperation, MemoryKafka } from '../../../lib/kafka/memory/memory-kafka.ts';
import type { KafkaClient, TransactionalProducer } from '../../../lib/kafka/ports.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import { recordFor } from '../../../lib/testing/kafka/kafka-probe.ts';
import { dyingAt } from '../../../lib/testing/mortality.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';

const topic = 't';
const call = { deadline: { remaining: () => 60_000, expired: false } };

describe('transactions of a memory Kafka', () => {
  let clock: VirtualClock;
  let kafka: MemoryKafka;
  let client: KafkaClient;
  let lost: { operation: KafkaOperation; phase: 'before' | 'after' } | undefined;
  let operations: string[];

  beforeEach(() => {
    clock = new VirtualClock();
    lost = undefined;
    operations = [];
    kafka = new MemoryKafka({
      clock,
      intercept: (operation, phase) => {
        operations.push(`${phase} ${operation}`);
        if (lost?.operation !== operation || lost.phase !== phase) return;
        lost = undefined;
        throw new KafkaError('lost', { kafkaCode: -1, kafkaName: 'NETWORK_EXCEPTION', retriable: true });
      },
    });
    kafka.createTopic({ topic, partitions: 1 });
    client = kafka.connect({ bootstrapServers: [], clientId: 'x' });
  });

  const values = () => kafka.records(topic).map(({ value }) => Buffer.from(value ?? []).toString());
  const producerOf = async (from: KafkaClient = client): Promise<TransactionalProducer> => {
    const producer = from.transactional('id', { timeoutMs: 60_000 });
    await producer.init(call);
    return producer;
  };
  const commit = (producer: TransactionalProducer, value: string) =>
    producer.run((transaction) => transaction.send([recordFor(topic, value)], call), call);
  const failed = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('can be looked at and disturbed at each of their steps', async () => {
    const producer = await producerOf();
    await commit(producer, 'a');
    await failed(
      producer.run(async (transaction) => {
        await transaction.send([recordFor(topic, 'no')], call);
        throw new Error('the work failed');
      }, call),
    );
    const steps = ['initTransactions', 'produce', 'commitTransaction', 'produce', 'abortTransaction'];
    expect(operations).toEqual(steps.flatMap((step) => [`before ${step}`, `after ${step}`]));
    expect(values()).toEqual(['a']);
  });

  it.each([
    ['before', []],
    ['after', ['a']],
  ] as const)(
    'a commit whose answer is lost %s it is handled has an unknown outcome',
    async (phase, seen) => {
      const producer = await producerOf();
      lost = { operation: 'commitTransaction', phase };
      const failure = await failed(commit(producer, 'a'));
      expect(failure).toMatchObject({ failure: 'OUTCOME_UNKNOWN', retriable: false });
      expect(await failed(commit(producer, 'no'))).toBe(failure);
      const next = await producerOf();
      expect(values()).toEqual(seen);
      await commit(next, 'next');
      expect(values()).toEqual([...seen, 'next']);
    },
  );

  it.each(['before', 'after'] as const)(
    'a send whose answer is lost %s it is handled leaves the transaction to the next init',
    async (phase) => {
      const producer = await producerOf();
      lost = { operation: 'produce', phase };
      await expect(commit(producer, 'no')).rejects.toMatchObject({ failure: 'RETRIABLE' });
      expect(operations).not.toContain('before abortTransaction');
      await commit(await producerOf(), 'yes');
      expect(values()).toEqual(['yes']);
      expect(await client.listOffsets([{ topic, partition: 0, at: 'latest' }], call)).toEqual(
        await client.listOffsets([{ topic, partition: 0, at: 'latest' }], {
          ...call,
          isolation: 'read_committed',
        }),
      );
    },
  );

  it.each(['before', 'after'] as const)(
    'an abort whose answer is lost %s it is handled spends the producer, and the work fails as it did',
    async (phase) => {
      const producer = await producerOf();
      const reason = new Error('the work failed');
      lost = { operation: 'abortTransaction', phase };
      const run = producer.run(async (transaction) => {
        await transaction.send([recordFor(topic, 'no')], call);
        throw reason;
      }, call);
      await expect(run).rejects.toBe(reason);
      await expect(commit(producer, 'no')).rejects.toMatchObject({ failure: 'RETRIABLE' });
      await commit(await producerOf(), 'yes');
      expect(values()).toEqual(['yes']);
    },
  );

  it('an init whose answer is lost is done again with a new producer', async () => {
    lost = { operation: 'initTransactions', phase: 'after' };
    await expect(producerOf()).rejects.toMatchObject({ failure: 'RETRIABLE', retriable: true });
    await commit(await producerOf(), 'a');
    expect(values()).toEqual(['a']);
  });

  it('a transaction is aborted when the virtual clock passes its timeout, without a timer of its own', async () => {
    const producer = client.transactional('id', { timeoutMs: 5_000 });
    await producer.init(call);
    const run = producer.run(async (transaction) => {
      await transaction.send([recordFor(topic, 'forgotten')], call);
      await clock.advance(4_999);
      await transaction.send([recordFor(topic, 'in time')], call);
      await clock.advance(1);
    }, call);
    await expect(run).rejects.toMatchObject({ failure: 'FENCED' });
    expect(values()).toEqual([]);
  });

  it('a process can die right before and right after the commit takes effect', async () => {
    const seen: string[][] = [];
    // Calls: init 1, send 2, before the end 3, after it 4.
    for (const atCall of [3, 4]) {
      const { kafka: mortal } = dyingAt(
        atCall,
        false,
      )({ table: memoryTable(), kafka: new MemoryClient(kafka) });
      const dead = commit(await producerOf(mortal), `dies at ${atCall}`);
      let ended = false;
      void failed(dead).then(() => (ended = true));
      await clock.advance(1);
      expect(ended).toBe(false);
      await producerOf();
      seen.push(values());
    }
    expect(seen).toEqual([[], ['dies at 4']]);
  });
});
