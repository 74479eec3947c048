import { describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { DataError } from '../../../lib/api/errors.ts';
import type { SinkTask } from '../../../lib/api/sink.ts';
import { fetchSettings, partitionerSettings, producerSettings } from '../../../lib/worker/client-settings.ts';
import { FetchedRecords } from '../../../lib/worker/fetched-records.ts';
import type { FetchedRecord } from '../../../lib/kafka/ports.ts';
import { sinkOf } from './scripted-plugins.ts';
import { WorkerUnderTest } from './worker-under-test.ts';

const puts = async (
  values: readonly string[],
  config: Record<string, string>,
  hooks: Partial<SinkTask> = {},
) => {
  const batches: string[][] = [];
  const under = new WorkerUnderTest([
    sinkOf(() => ({
      put: (records) => {
        if (records.length > 0) batches.push(records.map(({ value }) => String(value)));
      },
      ...hooks,
    })),
  ]);
  under.kafka.createTopic({ topic: 't', partitions: 1 });
  under.produce('t', values);
  await under.create('c', 'test.Sink', { topics: 't', ...config });
  await under.minutes(1);
  const offsets = (await under.state.offsetPages.list('c')).map(({ offset }) => offset?.['kafka_offset']);
  return { batches, offsets };
};

describe('a sink', () => {
  it('gets no more records in one put than consumer.override.max.poll.records', async () => {
    const { batches, offsets } = await puts(['a', 'b', 'c', 'd', 'e'], {
      'consumer.override.max.poll.records': '2',
    });
    expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(offsets).toEqual([5]);
  });

  it('gets what it sought, not what had been fetched before', async () => {
    let sought = false;
    const seen: string[] = [];
    await puts(
      ['a', 'b', 'c', 'd'],
      { 'consumer.override.max.poll.records': '1' },
      {
        put: (records, context) => {
          seen.push(...records.map(({ value }) => String(value)));
          if (!sought && seen.includes('b')) {
            sought = true;
            context.offset(new Map([[topicPartition('t', 0), 3n]]));
          }
        },
      },
    );
    expect(seen).toEqual(['a', 'b', 'd']);
  });

  it('gets what it sought in the last batch of a drain as well', async () => {
    const seen: string[] = [];
    const { offsets } = await puts(
      ['a', 'b'],
      {},
      {
        put: (records, context) => {
          const isFirst = seen.length === 0;
          seen.push(...records.map(({ value }) => String(value)));
          if (isFirst && records.length > 0) context.offset(new Map([[topicPartition('t', 0), 1n]]));
        },
      },
    );
    expect(seen).toEqual(['a', 'b', 'b']);
    expect(offsets).toEqual([2]);
  });

  it('that seeks and then fails stores nothing beyond the place it sought', async () => {
    const seen: string[] = [];
    const { offsets } = await puts(
      ['a', 'b'],
      {},
      {
        put: (records, context) => {
          seen.push(...records.map(({ value }) => String(value)));
          if (records.length === 0) return;
          context.offset(new Map([[topicPartition('t', 0), 0n]]));
          throw new DataError('stopped');
        },
      },
    );
    expect(offsets).toEqual([undefined]);
  });

  it('takes as many records at once as fit into a fetch', async () => {
    const count = 150_000;
    const { batches } = await puts(new Array<string>(count).fill('x'), {});
    expect(batches.flat()).toHaveLength(count);
  });
});

describe('a sink whose last commit fails', () => {
  it('leaves no fetch under way behind its run', async () => {
    const under = new WorkerUnderTest([
      sinkOf(() => ({
        put: () => under.stop.abort(),
        flush: () => {
          throw new DataError('cannot be flushed');
        },
      })),
    ]);
    under.kafka.createTopic({ topic: 't', partitions: 1 });
    under.produce(
      't',
      Array.from({ length: 20 }, () => 'x'.repeat(100)),
    );
    await under.create('c', 'test.Sink', { topics: 't', 'consumer.override.fetch.max.bytes': '500' });
    let fetches = 0;
    let isUnderWay = false;
    under.intercept = async (operation, phase) => {
      if (operation !== 'fetch' || ++fetches < 3) return;
      isUnderWay = phase === 'before';
      if (isUnderWay) await under.clock.sleep(5_000);
    };
    await under.tick(4_000);
    const runOf = async () => (await under.state.snapshot('c')).runs[0];
    expect([isUnderWay, (await runOf())?.phase]).toEqual([true, 'DRAINING']);
    await under.clock.advance(10_000);
    expect([isUnderWay, (await runOf())?.phase]).toEqual([false, 'FAILED']);
  });
});

describe('fetched records', () => {
  const t0 = topicPartition('t', 0);
  const t1 = topicPartition('t', 1);
  const record = (offset: bigint): FetchedRecord => ({
    size: 20,
    offset,
    timestamp: 0,
    timestampType: 'CreateTime',
    key: null,
    value: null,
    headers: [],
  });

  it('wait while their partition is paused, and are counted across partitions', () => {
    const fetched = new FetchedRecords();
    fetched.add({ partition: t0, records: [record(0n), record(1n)], next: 2n }, 0n);
    fetched.add({ partition: t1, records: [record(5n), record(7n)], next: 8n }, 5n);
    const position = (partition: string): bigint => (partition === t0 ? 0n : 5n);
    expect(fetched.take(3, (p) => p === t0, position)).toEqual([
      { partition: t1, records: [record(5n), record(7n)], next: 8n },
    ]);
    expect([...fetched.partitions]).toEqual([t0]);
  });

  it('say of a part of a stretch that the next record is where to go on, over holes', () => {
    const fetched = new FetchedRecords();
    fetched.add({ partition: t0, records: [record(0n), record(4n)], next: 9n }, 0n);
    expect(
      fetched.take(
        1,
        () => false,
        () => 0n,
      ),
    ).toMatchObject([{ next: 4n }]);
    expect(
      fetched.take(
        1,
        () => false,
        () => 4n,
      ),
    ).toMatchObject([{ next: 9n }]);
  });

  it('are forgotten when the position has moved elsewhere', () => {
    const fetched = new FetchedRecords();
    fetched.add({ partition: t0, records: [record(0n)], next: 1n }, 0n);
    expect(
      fetched.take(
        1,
        () => false,
        () => 7n,
      ),
    ).toEqual([]);
    expect(fetched.partitions.size).toBe(0);
  });
});

describe('client overrides', () => {
  it('set how a sink fetches', () => {
    expect(
      fetchSettings({
        'consumer.override.isolation.level': 'read_committed',
        'consumer.override.auto.offset.reset': 'latest',
        'consumer.override.fetch.min.bytes': '100',
        'consumer.override.fetch.max.bytes': '2000',
        'consumer.override.max.partition.fetch.bytes': '1000',
        'consumer.override.fetch.max.wait.ms': '50',
        'consumer.override.max.poll.records': '7',
        'consumer.override.client.id': ' reports ',
      }),
    ).toEqual({
      isolation: 'read_committed',
      reset: 'latest',
      minBytes: 100,
      maxBytes: 2000,
      maxPartitionBytes: 1000,
      maxWaitMs: 50,
      maxPollRecords: 7,
      clientId: 'reports',
    });
  });

  it.each<[Record<string, string>, ReturnType<typeof producerSettings>]>([
    [{}, { compression: 'none', acks: -1, idempotent: true }],
    [{ 'producer.override.compression.type': 'LZ4' }, { compression: 'lz4', acks: -1, idempotent: true }],
    [{ 'producer.override.acks': '1' }, { compression: 'none', acks: 1, idempotent: false }],
    [
      { 'producer.override.enable.idempotence': 'false' },
      { compression: 'none', acks: -1, idempotent: false },
    ],
    [
      {
        'producer.override.compression.type': 'zstd',
        'producer.override.compression.zstd.level': '-5',
        'producer.override.compression.gzip.level': '9',
        'producer.override.batch.size': '0',
        'producer.override.max.in.flight.requests.per.connection': '1',
        'producer.override.request.timeout.ms': '20000',
        'producer.override.delivery.timeout.ms': '30000',
        'producer.override.client.id': 'Reports',
      },
      {
        compression: 'zstd',
        acks: -1,
        idempotent: true,
        compressionLevel: -5,
        maxBatchBytes: 0,
        maxInFlight: 1,
        requestTimeoutMs: 20_000,
        deliveryTimeoutMs: 30_000,
        clientId: 'Reports',
      },
    ],
  ])('of a producer %j are %j', (config, settings) => {
    expect(producerSettings(config)).toEqual(settings);
  });

  it.each([
    ['consumer.override.max.poll.records', 'x', fetchSettings],
    ['producer.override.acks', '9', producerSettings],
    ['producer.override.compression.type', 'rar', producerSettings],
    ['producer.override.batch.size', '-1', producerSettings],
    ['producer.override.max.in.flight.requests.per.connection', '0', producerSettings],
    ['consumer.override.fetch.max.wait.ms', '-1', fetchSettings],
  ] as const)('that make no sense are an error: %s=%s', (name, value, read) => {
    expect(() => read({ [name]: value })).toThrow(`Invalid value ${value} for configuration ${name}`);
  });

  it.each([
    ['gzip', '10'],
    ['zstd', '23'],
  ])('that make no sense are an error: level of %s=%s', (type, level) => {
    const config = {
      'producer.override.compression.type': type,
      [`producer.override.compression.${type}.level`]: level,
    };
    expect(() => producerSettings(config)).toThrow(/compression\.\w+\.level: must be from -\d+ to \d+/);
  });

  it('choose how records are spread over partitions', () => {
    const partitioner = 'org.apache.kafka.clients.producer.RoundRobinPartitioner';
    expect([
      partitionerSettings({}),
      partitionerSettings({ 'producer.override.partitioner.ignore.keys': 'true' }),
      partitionerSettings({ 'producer.override.partitioner.class': partitioner }),
    ]).toEqual([{ ignoreKeys: false }, { ignoreKeys: true }, { spread: 'round robin' }]);
  });
});
