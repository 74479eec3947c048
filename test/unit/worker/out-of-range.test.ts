import { describe, expect, it } from 'vitest';
import { connectorStatus } from '../../../lib/coordinator/status.ts';
import { sinkOf } from './scripted-plugins.ts';
import { WorkerUnderTest } from './worker-under-test.ts';

/** A sink that has read `values` of a topic of one partition. */
async function sinkAfter(values: readonly string[], config: Record<string, string> = {}) {
  const seen: string[] = [];
  const cluster = new WorkerUnderTest([
    sinkOf(() => ({ put: (records) => void seen.push(...records.map(({ value }) => String(value))) })),
  ]);
  cluster.kafka.createTopic({ topic: 't', partitions: 1 });
  cluster.produce('t', values);
  await cluster.create('c', 'test.Sink', { topics: 't', ...config });
  await cluster.minutes(2);
  seen.length = 0;
  const status = async () => {
    const connector = await cluster.state.connectors.get('c');
    if (connector === undefined) throw new Error('the connector is gone');
    return connectorStatus(connector, cluster.state, cluster.clock.now());
  };
  const offset = async () => (await cluster.state.offsetPages.list('c'))[0]?.offset?.['kafka_offset'];
  return { cluster, seen, status, offset };
}
const policy = (reset: string) => ({ 'consumer.override.auto.offset.reset': reset });

describe('a topic that was created anew', () => {
  it('is read from its beginning, and that is told in the log and counted in the status', async () => {
    const { cluster, seen, status, offset } = await sinkAfter(['a', 'b', 'c']);
    cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    cluster.produce('t', ['x', 'y']);
    await cluster.minutes(3);
    expect(seen).toEqual(['x', 'y']);
    expect(await offset()).toBe(2);
    expect((await status()).tasks[0]?.outOfRange).toBe(1);
    expect(cluster.log).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: expect.stringContaining('created anew'),
        position: '3',
        latest: '2',
        continuesAt: '0',
        policy: 'earliest',
      }),
    );
  });

  it('is read from its end with auto.offset.reset=latest', async () => {
    const { cluster, seen, offset } = await sinkAfter(['a', 'b', 'c'], policy('latest'));
    cluster.produce('t', ['d']);
    await cluster.minutes(2);
    cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    cluster.produce('t', ['x', 'y']);
    await cluster.minutes(2);
    cluster.produce('t', ['z']);
    await cluster.minutes(2);
    expect(seen).toEqual(['d', 'z']);
    expect(await offset()).toBe(3);
  });

  it.each([
    ['has no offset yet', [] as string[], 'Undefined offset with no reset policy for partitions: [t-0]'],
    ['is out of range', ['a', 'b'], 'OFFSET_OUT_OF_RANGE'],
  ])('fails a task with auto.offset.reset=none that %s, and stores nothing', async (_, read, error) => {
    const { cluster, status, offset } = await sinkAfter(read);
    if (read.length === 0) cluster.produce('t', ['a']);
    else cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    const before = await offset();
    const item = await cluster.state.connectors.get('c');
    await cluster.state.connectors.reconfigure(
      'c',
      { ...item?.config, ...policy('none') },
      { functionName: 'f', version: '1' },
      cluster.clock.now(),
    );
    await cluster.minutes(2);
    expect((await status()).tasks[0]).toMatchObject({
      state: 'FAILED',
      trace: expect.stringContaining(error),
    });
    expect(await offset()).toBe(before);
  });
});

describe('records that were deleted before they were read', () => {
  it('are passed over with a word: how many, and where it goes on', async () => {
    const { cluster, seen, offset, status } = await sinkAfter(['a']);
    cluster.produce('t', ['b', 'c', 'd', 'e']);
    cluster.kafka.partition('t', 0)?.deleteBefore(3n);
    await cluster.minutes(2);
    expect(seen).toEqual(['d', 'e']);
    expect(await offset()).toBe(5);
    expect((await status()).tasks[0]?.outOfRange).toBe(1);
    expect(cluster.log).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('deleted before'), skipped: '2' }),
    );
  });

  it('a partition without an offset begins at the earliest there is', async () => {
    const { cluster, seen } = await sinkAfter([]);
    cluster.produce('t', ['a', 'b', 'c']);
    cluster.kafka.partition('t', 0)?.deleteBefore(1n);
    await cluster.minutes(2);
    expect(seen).toEqual(['b', 'c']);
  });
});
