import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { startDevBroker, type DevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import type { FaultAction } from '../../../lib/kafka/dev-broker/faults.ts';
import { KafkaError } from '../../../lib/kafka/kafka-error.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type {
  CallOptions,
  FetchedPartition,
  FetchRequest,
  KafkaClient,
  KafkaProducer,
  ProduceRecord,
} from '../../../lib/kafka/ports.ts';
import { groupOffsetReader } from './group-offset-reader.ts';

const topic = 'faults';
const call = (ms = 20_000): CallOptions => ({ deadline: deadlineIn(ms, systemClock) });
const record = (value: string, partition = 0): ProduceRecord => ({
  topic,
  partition,
  key: null,
  value: Buffer.from(value),
  timestamp: 1,
});

const appendedAt = (baseOffset: bigint) => ({ baseOffset, bytes: expect.any(Number) });

describe('the Kafka client, when the broker misbehaves', () => {
  let broker: DevBroker;
  let client: KafkaClient;
  let producer: KafkaProducer;

  beforeEach(async () => {
    broker = await startDevBroker({ nodes: 2 });
    client = connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'faults' });
    await client.createTopics([{ topic, partitions: 2, replicationFactor: -1 }], call());
    producer = client.producer({});
  });
  afterEach(async () => {
    await client.close();
    await broker.close();
  });

  const request = (offsets: bigint[], more: Partial<FetchRequest> = {}): FetchRequest => ({
    assignments: offsets.map((offset, partition) => ({ topic, partition, offset })),
    maxBytes: 50_000_000,
    maxPartitionBytes: 50_000_000,
    minBytes: 1,
    maxWaitMs: 500,
    isolation: 'read_committed',
    ...more,
  });
  const text = ({ records }: Pick<FetchedPartition, 'records'>): string[] =>
    records.map(({ value }) => Buffer.from(value ?? []).toString());
  const stored = async (partition = 0): Promise<string[]> => {
    const fetched = await client.fetch(
      { ...request([]), assignments: [{ topic, partition, offset: 0n }] },
      call(),
    );
    return text(fetched.get(topicPartition(topic, partition)) ?? { records: [] });
  };

  const lost: [string, FaultAction][] = [
    ['a request is lost', { kind: 'drop request' }],
    ['an answer is lost', { kind: 'drop answer' }],
    ['an answer is cut', { kind: 'cut answer' }],
    ['the partition has moved', { kind: 'error', code: 6 }],
    ['too few replicas are in sync', { kind: 'error', code: 19 }],
    ['the sequence is out of order', { kind: 'error', code: 45 }],
    ['the producer is unknown', { kind: 'error', code: 59 }],
    ['the batch was damaged on the way', { kind: 'error', code: 2 }],
  ];

  it.each(lost)('sends once and in order when %s', async (_what, fault) => {
    expect((await producer.send([record('before')], call())).get(topicPartition(topic, 0))).toEqual(
      appendedAt(0n),
    );
    broker.faults.next('Produce', fault);
    expect((await producer.send([record('during')], call())).get(topicPartition(topic, 0))).toEqual(
      appendedAt(1n),
    );
    expect((await producer.send([record('after')], call())).get(topicPartition(topic, 0))).toEqual(
      appendedAt(2n),
    );
    expect(await stored()).toEqual(['before', 'during', 'after']);
  });

  it.each(lost)('keeps the order of many batches in flight when %s', async (_what, fault) => {
    const values = Array.from({ length: 80 }, (_, index) => `${index} ${'x'.repeat(100_000)}`);
    await producer.send([record('warm')], call());
    const sends: ReturnType<KafkaProducer['send']>[] = [];
    for (let at = 0; at < 80; at += 20) {
      broker.faults.next('Produce', fault);
      sends.push(
        producer.send(
          values.slice(at, at + 20).map((value) => record(value)),
          call(),
        ),
      );
    }
    for (const produced of await Promise.all(sends))
      expect(produced.get(topicPartition(topic, 0))?.error).toBeUndefined();
    expect((await stored()).map((value) => value.split(' ')[0])).toEqual([
      'warm',
      ...values.map((_, index) => String(index)),
    ]);
  });

  it('keeps the order of the first batches ever when the first of them is refused', async () => {
    const values = Array.from({ length: 40 }, (_, index) => `${index} ${'x'.repeat(100_000)}`);
    broker.faults.next('Produce', { kind: 'error', code: 19 });
    const records = values.map((value) => record(value));
    expect((await producer.send(records, call())).get(topicPartition(topic, 0))).toEqual(appendedAt(0n));
    expect((await stored()).map((value) => value.split(' ')[0])).toEqual(
      values.map((_, index) => String(index)),
    );
  });

  it('sends again when a backoff ends between two looks at the clock', async () => {
    // Time moves at each look only: by 40 ms, where a first backoff takes 80 to 100 ms.
    let looks = 0;
    const clock = { ...systemClock, monotonic: () => ++looks * 40 };
    await using leaping = connectKafka(
      { bootstrapServers: [broker.bootstrapServers], clientId: 'leaping' },
      { clock },
    );
    const sender = leaping.producer({});
    const soon = (): CallOptions => ({ deadline: deadlineIn(10_000, systemClock) });
    await sender.send([record('before')], soon());
    for (let round = 0; round < 20; round++) {
      broker.faults.next('Produce', { kind: 'error', code: 19 });
      const produced = await sender.send([record(String(round))], soon());
      expect(produced.get(topicPartition(topic, 0))).toEqual(appendedAt(BigInt(round + 1)));
    }
    await sender.close();
  });

  it.each(lost.slice(0, 4))('fetches on when %s', async (_what, fault) => {
    await producer.send([record('a'), record('b', 1)], call());
    broker.faults.next('Fetch', fault, 2);
    expect([await stored(0), await stored(1)]).toEqual([['a'], ['b']]);
  });

  it.each(lost.slice(0, 4))('looks up offsets when %s', async (_what, fault) => {
    await producer.send([record('a')], call());
    broker.faults.next('ListOffsets', fault);
    const found = await client.listOffsets([{ topic, partition: 0, at: 'latest' }], call());
    expect(found.get(topicPartition(topic, 0))).toEqual({ offset: 1n });
  });

  it.each([
    ...lost.slice(0, 3),
    ['the coordinator has moved', { kind: 'error', code: 16 }],
    ['the coordinator loads', { kind: 'error', code: 14 }],
  ] as [string, FaultAction][])('stores offsets of a group when %s', async (_what, fault) => {
    broker.faults.next('OffsetCommit', fault);
    await client.commitGroupOffsets('connect-x', [{ topic, partition: 1, offset: 5n }], call());
    const read = groupOffsetReader(broker.bootstrapServers);
    expect(await read('connect-x', topic, 1)).toBe(5n);
  });

  it('says who is in the way when a group has members', async () => {
    broker.faults.next('OffsetCommit', { kind: 'error', code: 25 });
    await expect(
      client.commitGroupOffsets('connect-x', [{ topic, partition: 0, offset: 5n }], call()),
    ).rejects.toMatchObject({
      kafkaName: 'UNKNOWN_MEMBER_ID',
      retriable: false,
      hint: expect.stringContaining('connector of this name'),
    });
  });

  it('follows a partition to its new leader', async () => {
    await producer.send([record('a')], call());
    expect(await stored()).toEqual(['a']);
    broker.faults.moveLeader(topic, 0, 2);
    await producer.send([record('b')], call());
    expect(await stored()).toEqual(['a', 'b']);
    broker.faults.moveLeader(topic, 0, 1);
    expect(await stored()).toEqual(['a', 'b']);
  });

  it('ends a long poll whose partition moves away, and finds the record at the new leader', async () => {
    const waiting = client.fetch(
      { ...request([]), assignments: [{ topic, partition: 0, offset: 0n }], maxWaitMs: 30_000 },
      call(40_000),
    );
    await client.listTopics(call());
    broker.faults.moveLeader(topic, 0, 2);
    await producer.send([record('moved')], call());
    expect(text((await waiting).get(topicPartition(topic, 0)) ?? { records: [] })).toEqual(['moved']);
  });

  it('gives the records of one partition while another has no leader, which is left out until it has one', async () => {
    await producer.send([record('a'), record('b', 1)], call());
    broker.faults.moveLeader(topic, 1, -1);
    const during = await client.fetch(request([0n, 0n]), call());
    expect([...during.keys()]).toEqual([topicPartition(topic, 0)]);
    expect(text(during.get(topicPartition(topic, 0)) ?? { records: [] })).toEqual(['a']);
    expect([...(await client.fetch(request([1n, 0n], { maxWaitMs: 50 }), call())).keys()]).toEqual([
      topicPartition(topic, 0),
    ]);
    broker.faults.moveLeader(topic, 1, 2);
    const after = await client.fetch(request([1n, 0n]), call());
    expect(text(after.get(topicPartition(topic, 1)) ?? { records: [] })).toEqual(['b']);
  });

  it('waits for a leader to be elected', async () => {
    await producer.send([record('a')], call());
    broker.faults.moveLeader(topic, 0, -1);
    const sending = producer.send([record('b')], call());
    const fetching = stored();
    await client.listTopics(call());
    broker.faults.moveLeader(topic, 0, 1);
    expect((await sending).get(topicPartition(topic, 0))).toEqual(appendedAt(1n));
    expect((await fetching)[0]).toBe('a');
  });

  it('comes through a restart of the broker', async () => {
    await producer.send([record('a')], call());
    await broker.faults.stopNode(1);
    const sending = producer.send([record('b')], call());
    const fetching = stored();
    await broker.faults.startNode(1);
    expect((await sending).get(topicPartition(topic, 0))?.error).toBeUndefined();
    expect((await fetching)[0]).toBe('a');
    expect(await stored()).toEqual(['a', 'b']);
  });

  it('connects again after the broker closed idle connections', async () => {
    await producer.send([record('a')], call());
    expect(await stored()).toEqual(['a']);
    await broker.faults.closeConnections();
    await client.ensureFresh();
    await producer.send([record('b')], call());
    expect(await stored()).toEqual(['a', 'b']);
  });

  it('says why a partition refuses records, and goes on with the next ones', async () => {
    broker.faults.next('Produce', { kind: 'error', code: 29 });
    const produced = await producer.send([record('no')], call());
    expect(produced.get(topicPartition(topic, 0))?.error).toMatchObject({
      kafkaName: 'TOPIC_AUTHORIZATION_FAILED',
      retriable: false,
      hint: expect.stringContaining('Write'),
    });
    expect((await producer.send([record('yes')], call())).get(topicPartition(topic, 0))).toEqual(
      appendedAt(0n),
    );
  });

  it('ends a send at its deadline, and the sends after it are in order', async () => {
    await producer.send([record('a')], call());
    broker.faults.next('Produce', { kind: 'delay', ms: 1_500 });
    const late = await producer.send([record('late')], call(300));
    expect(late.get(topicPartition(topic, 0))?.error).toMatchObject({
      retriable: true,
      kafkaName: 'REQUEST_TIMED_OUT',
    });
    const next = await Promise.all(['b', 'c'].map((value) => producer.send([record(value)], call())));
    expect(next.map((produced) => produced.get(topicPartition(topic, 0))?.error)).toEqual([
      undefined,
      undefined,
    ]);
    expect(await stored()).toEqual(['a', 'late', 'b', 'c']);
  });

  it('ends a send at its deadline while the broker refuses it, and forgets the batch', async () => {
    broker.faults.next('Produce', { kind: 'error', code: 19 }, 3);
    const late = await producer.send([record('late')], call(250));
    expect(late.get(topicPartition(topic, 0))?.error).toMatchObject({
      kafkaName: 'NOT_ENOUGH_REPLICAS',
      retriable: true,
    });
    const next = await producer.send([record('next')], call());
    expect(next.get(topicPartition(topic, 0))).toEqual(appendedAt(0n));
    expect(await stored()).toEqual(['next']);
  });

  it.each(lost.slice(0, 5))('goes on after a send that gave up when %s', async (_what, fault) => {
    await producer.send([record('a')], call());
    broker.faults.next('Produce', fault, 3);
    await producer.send([record('given up')], call(150));
    for (const value of ['b', 'c']) {
      const produced = await producer.send([record(value)], call());
      expect(produced.get(topicPartition(topic, 0))?.error).toBeUndefined();
    }
    expect((await stored()).filter((value) => value !== 'given up')).toEqual(['a', 'b', 'c']);
  });

  it('ends a fetch at its deadline with the last failure', async () => {
    broker.faults.next('Fetch', { kind: 'error', code: 9 }, 100);
    const fetched = await client.fetch(
      { ...request([]), assignments: [{ topic, partition: 0, offset: 0n }] },
      call(700),
    );
    expect(fetched.get(topicPartition(topic, 0))?.error).toMatchObject({
      kafkaName: 'REPLICA_NOT_AVAILABLE',
      retriable: true,
    });
  });

  it('keeps timers and sockets only until it is closed', async () => {
    const held = () =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind.startsWith('TCPSocket'))
        .length;
    const before = held();
    const other = connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'other' });
    const waiting = other.fetch(request([0n, 0n], { maxWaitMs: 60_000 }), call(70_000));
    await other.producer({}).send([record('x', 1)], call());
    await waiting;
    expect(held()).toBeGreaterThan(before);
    await other.close();
    await expect.poll(held).toBeLessThanOrEqual(before);
  });

  it('ends what is under way when it is closed', async () => {
    const waiting = client.fetch(request([0n, 0n], { maxWaitMs: 60_000 }), call(70_000));
    await client.listTopics(call());
    await client.close();
    await expect(waiting).rejects.toBeInstanceOf(KafkaError);
  });
});

describe('the Kafka client, when there is no way to the broker', () => {
  it('tells which servers it tried, and what to check', async () => {
    const client = connectKafka({ bootstrapServers: ['127.0.0.1:1', '127.0.0.1:2'], clientId: 'nobody' });
    const failure = await client.listTopics(call(1_000)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KafkaError);
    expect(failure).toMatchObject({
      retriable: true,
      kafkaName: 'UNREACHABLE',
      hint: expect.stringContaining('check host and port'),
    });
    expect(String(failure)).toMatch(/127\.0\.0\.1:1, 127\.0\.0\.1:2/);
    await expect(
      client.fetch(
        {
          assignments: [{ topic, partition: 0, offset: 0n }],
          maxBytes: 1,
          minBytes: 1,
          maxWaitMs: 10,
          isolation: 'read_committed',
        },
        call(500),
      ),
    ).rejects.toMatchObject({ kafkaName: 'UNREACHABLE' });
    const produced = await client.producer({}).send([record('x')], call(500));
    expect(produced.get(topicPartition(topic, 0))?.error).toMatchObject({ kafkaName: 'UNREACHABLE' });
    await client.close();
  });

  it('asks the next bootstrap server when one is down', async () => {
    await using broker = await startDevBroker();
    await using client = connectKafka({
      bootstrapServers: ['127.0.0.1:1', broker.bootstrapServers],
      clientId: 'x',
    });
    expect(await client.listTopics(call())).toEqual([]);
  });

  it.each([[['nonsense']], [['host:']], [[]], [['host:99999']]])(
    'refuses bootstrap servers %j at once',
    (bootstrapServers) => {
      expect(() => connectKafka({ bootstrapServers, clientId: 'x' })).toThrow(/bootstrap\.servers/);
    },
  );
});

describe('signing in', () => {
  const user = { username: 'alice', password: 'right' };
  const connect = (broker: DevBroker, password: string, mechanism: 'plain' | 'scram-sha-256' = 'plain') =>
    connectKafka({
      bootstrapServers: [broker.bootstrapServers],
      clientId: 'x',
      sasl: { mechanism, username: 'alice', password },
    });

  it('works with the right password', async () => {
    await using broker = await startDevBroker({ user });
    await using client = connect(broker, 'right');
    await client.createTopics([{ topic, partitions: 1, replicationFactor: -1 }], call());
    await client.producer({}).send([record('a')], call());
    expect(await client.listTopics(call())).toEqual([topic]);
  });

  it('fails for good with the wrong password, which is not repeated in the error', async () => {
    await using broker = await startDevBroker({ user });
    await using client = connect(broker, 'wrong-secret');
    const failure = await client.listTopics(call()).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      kafkaName: 'SASL_AUTHENTICATION_FAILED',
      retriable: false,
      hint: expect.stringContaining('password'),
    });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('wrong-secret');
  });

  it('fails for good with a mechanism that the broker does not have', async () => {
    await using broker = await startDevBroker({ user });
    await using client = connect(broker, 'right', 'scram-sha-256');
    await expect(client.listTopics(call())).rejects.toMatchObject({
      retriable: false,
      hint: expect.stringContaining('mechanism'),
    });
  });
});
