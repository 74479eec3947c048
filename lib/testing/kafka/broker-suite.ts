import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicPartition } from '../../api/topic-partition.ts';
import { systemClock } from '../../foundation/clock.ts';
import { deadlineIn } from '../../foundation/deadline.ts';
import type { CallOptions, FetchedPartition, Isolation, KafkaClient } from '../../kafka/ports.ts';
import { RawProducer } from './raw-producer.ts';

export interface BrokerUnderTest {
  readonly bootstrapServers: string;
  connect(): KafkaClient;
  close(): Promise<void>;
}

/**
 * What a broker does with sequences and transactions, and what a reader of either isolation sees of them. Run on
 * the dev broker and on a real Kafka, so that the one stands in for the other.
 */
export function describeBroker(name: string, setup: () => Promise<BrokerUnderTest>): void {
  describe(`${name}, with transactions`, () => {
    let broker: BrokerUnderTest;
    let client: KafkaClient;
    let topics = 0;
    const producers = new AsyncDisposableStack();

    beforeAll(async () => {
      broker = await setup();
      client = broker.connect();
    });
    afterAll(async () => {
      await producers.disposeAsync();
      await client.close();
      await broker.close();
    });

    const call = (): CallOptions => ({ deadline: deadlineIn(30_000, systemClock) });
    const newTopic = async (configs: Record<string, string> = {}): Promise<string> => {
      const topic = `transactions-${systemClock.now().toString(36)}-${topics++}`;
      await client.createTopics([{ topic, partitions: 1, replicationFactor: -1, configs }], call());
      return topic;
    };
    const producer = async (topic: string, id: string | null): Promise<RawProducer> => {
      const raw = producers.use(
        new RawProducer(broker.bootstrapServers, topic, id === null ? null : `${topic}-${id}`),
      );
      await raw.init();
      return raw;
    };
    const fetch = async (topic: string, offset: bigint, isolation: Isolation): Promise<FetchedPartition> => {
      const assignments = [{ topic, partition: 0, offset }];
      const request = { assignments, maxBytes: 1_000_000, minBytes: 1, maxWaitMs: 100, isolation };
      const fetched = (await client.fetch(request, call())).get(topicPartition(topic, 0));
      if (!fetched || fetched.error) throw fetched?.error ?? new Error('not in the answer');
      return fetched;
    };
    /** Values from `offset` to the end of what may be read. */
    const read = async (topic: string, offset: bigint, isolation: Isolation): Promise<string[]> => {
      const values: string[] = [];
      for (let at = offset; ; ) {
        const { records, nextOffset, highWatermark, lastStableOffset } = await fetch(topic, at, isolation);
        values.push(...records.map(({ value }) => Buffer.from(value ?? []).toString()));
        if (nextOffset >= (isolation === 'read_committed' ? lastStableOffset : highWatermark)) return values;
        at = nextOffset;
      }
    };

    /** A broker writes markers after it has answered EndTxn. */
    const untilEnd = async (topic: string, offset: bigint): Promise<void> => {
      await expect.poll(async () => (await fetch(topic, 0n, 'read_uncommitted')).highWatermark).toBe(offset);
    };

    it('records of an open transaction are read uncommitted only, and hold back what follows', async () => {
      const topic = await newTopic();
      const [open, other] = [await producer(topic, 'a'), await producer(topic, null)];
      await open.begin();
      await open.append(['pending']);
      await other.append(['after']);
      expect(await read(topic, 0n, 'read_uncommitted')).toEqual(['pending', 'after']);
      expect(await fetch(topic, 0n, 'read_committed')).toMatchObject({
        records: [],
        lastStableOffset: 0n,
        highWatermark: 2n,
      });
      await open.end(true);
      await expect.poll(() => read(topic, 0n, 'read_committed')).toEqual(['pending', 'after']);
    });

    it('interleaved transactions are told apart, from whatever offset one reads', async () => {
      const topic = await newTopic();
      const [a, b, c, plain] = [
        await producer(topic, 'a'),
        await producer(topic, 'b'),
        await producer(topic, 'c'),
        await producer(topic, null),
      ];
      for (const transaction of [a, b, c]) await transaction.begin();
      await a.append(['a1']); // 0, aborted
      await b.append(['b1', 'b2']); // 1-2, committed
      await c.append(['c1']); // 3, aborted
      await plain.append(['plain']); // 4
      await a.append(['a2']); // 5, aborted
      await c.append(['c2']); // 6, aborted
      await a.end(false); // 7
      await untilEnd(topic, 8n);
      await b.append(['b3']); // 8, committed
      await c.append(['c3']); // 9, aborted
      await b.end(true); // 10
      await untilEnd(topic, 11n);
      await c.end(false); // 11
      await untilEnd(topic, 12n);
      const committed = [
        { at: 1n, v: 'b1' },
        { at: 2n, v: 'b2' },
        { at: 4n, v: 'plain' },
        { at: 8n, v: 'b3' },
      ];
      for (let offset = 0n; offset <= 12n; offset++) {
        const expected = committed.filter(({ at }) => at >= offset).map(({ v }) => v);
        expect(await read(topic, offset, 'read_committed'), `from offset ${offset}`).toEqual(expected);
      }
      expect(await read(topic, 0n, 'read_uncommitted')).toHaveLength(9);
    });

    it('a producer whose transaction was aborted commits the next one', async () => {
      const topic = await newTopic();
      const transaction = await producer(topic, 'a');
      await transaction.begin();
      await transaction.append(['no']);
      await transaction.end(false);
      await transaction.begin();
      await transaction.append(['yes']);
      await transaction.end(true);
      await expect.poll(() => read(topic, 0n, 'read_committed')).toEqual(['yes']);
    });

    it('a record whose key looks like an abort marker is a record', async () => {
      const topic = await newTopic();
      const transaction = await producer(topic, 'a');
      await transaction.begin();
      await transaction.append(['lookalike'], { key: Buffer.from([0, 0, 0, 0]) });
      await transaction.append(['dropped']);
      await transaction.end(false);
      const plain = await producer(topic, null);
      await plain.append(['kept'], { key: Buffer.from([0, 0, 0, 0]) });
      await expect.poll(() => read(topic, 0n, 'read_committed')).toEqual(['kept']);
      expect(await read(topic, 1n, 'read_committed')).toEqual(['kept']);
    });

    it('the next producer of a transactional id aborts what the one before left open, and fences it', async () => {
      const topic = await newTopic();
      const zombie = await producer(topic, 'same');
      await zombie.begin();
      await zombie.append(['left open']);
      const successor = await producer(topic, 'same');
      await expect(zombie.append(['too late'])).rejects.toMatchObject({
        kafkaName: 'INVALID_PRODUCER_EPOCH',
      });
      await expect(zombie.end(true)).rejects.toMatchObject({ kafkaName: 'INVALID_PRODUCER_EPOCH' });
      await successor.begin();
      await successor.append(['mine']);
      await successor.end(true);
      await expect.poll(() => read(topic, 0n, 'read_committed')).toEqual(['mine']);
    });

    it('a batch sent twice is appended once, and its offset is told again', async () => {
      const topic = await newTopic();
      const idempotent = await producer(topic, null);
      expect(await idempotent.append(['x', 'y'])).toBe(0n);
      expect(await idempotent.append(['x', 'y'], { again: true })).toBe(0n);
      expect(await idempotent.append(['z'])).toBe(2n);
      expect(await read(topic, 0n, 'read_uncommitted')).toEqual(['x', 'y', 'z']);
    });
  });
}
