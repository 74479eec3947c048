import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { createLogger, type LogLine } from '../../../lib/foundation/logger.ts';
import { startDevBroker, type DevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { CallOptions, Isolation, ProduceRecord } from '../../../lib/kafka/ports.ts';
import { RawProducer } from '../../../lib/testing/kafka/raw-producer.ts';

const topic = 'kept';
const call = (): CallOptions => ({ deadline: deadlineIn(10_000, systemClock) });
const record = (value: string): ProduceRecord => ({
  topic,
  partition: 0,
  key: null,
  value: Buffer.from(value),
  timestamp: 1,
});

describe('a dev broker with a folder', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sluice-dev-broker-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const connect = (broker: DevBroker) =>
    connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'x' });
  const read = async (broker: DevBroker, isolation: Isolation = 'read_committed') => {
    await using client = connect(broker);
    const request = {
      assignments: [{ topic, partition: 0, offset: 0n }],
      maxBytes: 1_000_000,
      minBytes: 1,
      maxWaitMs: 10,
      isolation,
    };
    const fetched = (await client.fetch(request, call())).get(topicPartition(topic, 0));
    return {
      values: fetched?.records.map(({ value }) => Buffer.from(value ?? []).toString()),
      nextOffset: fetched?.nextOffset,
    };
  };
  const fill = async (broker: DevBroker, values: string[]): Promise<void> => {
    await using client = connect(broker);
    await client.createTopics(
      [{ topic, partitions: 1, replicationFactor: -1, configs: { 'retention.ms': '5' } }],
      call(),
    );
    for (const value of values) await client.producer({}).send([record(value)], call());
  };

  it('has its topics and records again after a restart, and goes on behind them', async () => {
    await using first = await startDevBroker({ directory });
    await fill(first, ['a', 'b']);
    await first.close();
    await using second = await startDevBroker({ directory });
    await fill(second, ['c']);
    expect(await read(second)).toEqual({ values: ['a', 'b', 'c'], nextOffset: 3n });
  });

  it('drops a batch that a kill cut off', async () => {
    await using first = await startDevBroker({ directory });
    await fill(first, ['a', 'b']);
    await first.close();
    const log = join(directory, `${topic}-0.log`);
    await appendFile(log, (await readFile(log)).subarray(0, 40));
    await using second = await startDevBroker({ directory });
    await fill(second, ['c']);
    await second.close();
    await using third = await startDevBroker({ directory });
    expect(await read(third)).toEqual({ values: ['a', 'b', 'c'], nextOffset: 3n });
  });

  it('keeps aborted transactions aborted, and aborts what was open', async () => {
    await using first = await startDevBroker({ directory });
    await fill(first, []);
    const [aborted, open] = [
      new RawProducer(first.bootstrapServers, topic, 'a'),
      new RawProducer(first.bootstrapServers, topic, 'b'),
    ];
    for (const producer of [aborted, open]) {
      await producer.init();
      await producer.begin();
      await producer.append(['never']);
    }
    await aborted.end(false);
    await aborted[Symbol.asyncDispose]();
    await open[Symbol.asyncDispose]();
    await first.close();
    await using second = await startDevBroker({ directory });
    await fill(second, ['seen']);
    expect(await read(second)).toEqual({ values: ['seen'], nextOffset: 5n });
  });

  it('never gives a producer id twice', async () => {
    const ids: bigint[] = [];
    for (const _session of [1, 2]) {
      await using broker = await startDevBroker({ directory });
      await fill(broker, []);
      await using producer = new RawProducer(broker.bootstrapServers, topic, null);
      await producer.init();
      ids.push(producer.producerId);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it('refuses a folder that a newer version wrote', async () => {
    await writeFile(join(directory, 'state.json'), JSON.stringify({ formatVersion: 99 }));
    await expect(startDevBroker({ directory })).rejects.toMatchObject({ code: 'FORMAT' });
  });
});

describe('a dev broker', () => {
  it('says in one line that it is for development', async () => {
    const lines: LogLine[] = [];
    await using broker = await startDevBroker({ log: createLogger((line) => lines.push(line)) });
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['info', expect.stringContaining('for development')],
    ]);
    expect(lines[0]).toMatchObject({ bootstrapServers: broker.bootstrapServers });
  });

  it('tells which port it cannot have', async () => {
    await using broker = await startDevBroker();
    const port = Number(broker.bootstrapServers.split(':')[1]);
    await expect(startDevBroker({ port })).rejects.toMatchObject({
      message: expect.stringContaining(String(port)),
      hint: expect.stringContaining('another port'),
    });
  });

  it('aborts a transaction that its producer leaves open for longer than its timeout', async () => {
    await using broker = await startDevBroker();
    await using client = connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'x' });
    await client.createTopics([{ topic, partitions: 1, replicationFactor: -1 }], call());
    await using producer = new RawProducer(broker.bootstrapServers, topic, 'slow');
    await producer.init(50);
    await producer.begin();
    await producer.append(['forgotten']);
    const stable = async () => {
      const request = {
        assignments: [{ topic, partition: 0, offset: 0n }],
        maxBytes: 1_000,
        minBytes: 1,
        maxWaitMs: 10,
      };
      const fetched = await client.fetch({ ...request, isolation: 'read_committed' }, call());
      const { records, lastStableOffset } = fetched.get(topicPartition(topic, 0)) ?? {};
      return { records, lastStableOffset };
    };
    await expect.poll(stable).toEqual({ records: [], lastStableOffset: 2n });
    await expect(producer.end(true)).rejects.toMatchObject({ kafkaName: 'INVALID_PRODUCER_EPOCH' });
  });
});
