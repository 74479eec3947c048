import { describe, expect, it } from 'vitest';
import type { SourceTask } from '../../../lib/api/source.ts';
import { isLive } from '../../../lib/storage/items/runs.ts';
import { sinkOf, sourceOf } from '../worker/scripted-plugins.ts';
import { WorkerUnderTest } from '../worker/worker-under-test.ts';

const continuous = { mode: 'continuous', rediscoveryMs: 120_000 } as const;

/** Tables by name with what is in them, each a task that reads it row by row. */
function tableSource(tables: Map<string, string[]>) {
  const plugin = sourceOf((): SourceTask => {
    let table = '';
    let next = 0;
    return {
      start: async (config, { offsets }) => {
        table = config['table'] ?? '';
        next = Number((await offsets.get({ table }))?.['row'] ?? 0);
      },
      poll: () => {
        const rows = (tables.get(table) ?? []).slice(next);
        return rows.map((value) => ({
          sourcePartition: { table },
          sourceOffset: { row: ++next },
          topic: 't',
          value,
        }));
      },
    };
  });
  const connector = async () => ({ taskConfigs: () => [...tables.keys()].map((table) => ({ table })) });
  return { ...plugin, connector };
}

describe('tables that are added, dropped and renamed under a continuous connector', () => {
  it('are split anew at the next rediscovery; dropped ones keep their offset, the others go on where they were', async () => {
    const tables = new Map([
      ['a', ['a0', 'a1']],
      ['b', ['b0']],
    ]);
    const cluster = new WorkerUnderTest([tableSource(tables)], continuous);
    cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    await cluster.create('c', 'test.Source', { 'tasks.max': '9' });
    await cluster.minutes(2);
    const offsets = async () =>
      Object.fromEntries(
        (await cluster.state.offsets.list('c')).map(({ partition, offset }) => [
          String(partition['table']),
          offset?.['row'],
        ]),
      );
    expect(await offsets()).toEqual({ a: 2, b: 1 });
    tables.set('new', ['n0']);
    tables.get('a')?.push('a2');
    await cluster.minutes(6);
    tables.delete('b');
    tables.set('renamed', ['b0', 'r1']);
    await cluster.minutes(6);
    tables.set('b', ['b0', 'b1']);
    await cluster.minutes(6);
    expect(await offsets()).toEqual({ a: 3, b: 2, new: 1, renamed: 2 });
    // Each row once: nobody lost his place, not the one whose table was gone for a while either.
    expect(cluster.records('t').sort()).toEqual(['a0', 'a1', 'a2', 'b0', 'b0', 'b1', 'n0', 'r1']);
    expect((await cluster.state.tasks.list('c')).map(({ config }) => config['table'])).toEqual([
      'a',
      'new',
      'renamed',
      'b',
    ]);
  });

  it('that stay the same leave every run alone', async () => {
    const cluster = new WorkerUnderTest([tableSource(new Map([['a', ['a0']]]))], continuous);
    cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    await cluster.create('c', 'test.Source');
    await cluster.minutes(1);
    const before = (await cluster.state.snapshot('c')).runs;
    await cluster.minutes(9);
    const { runs } = await cluster.state.snapshot('c');
    expect(runs.map(({ epoch }) => epoch)).toEqual(before.map(({ epoch }) => epoch));
    expect(runs.every(({ control }) => control === 'NONE')).toBe(true);
  });
});

describe('partitions that are added to a topic', () => {
  it('are read from their beginning, and those there were stay with their tasks', async () => {
    const seen: string[] = [];
    const cluster = new WorkerUnderTest(
      [sinkOf(() => ({ put: (records) => void seen.push(...records.map(({ value }) => String(value))) }))],
      continuous,
    );
    const text = new TextEncoder();
    const produce = (partition: number, value: string) =>
      cluster.kafka.append({ topic: 't', partition, key: null, value: text.encode(value), timestamp: null });
    cluster.kafka.createTopic({ topic: 't', partitions: 2 });
    await cluster.create('c', 'test.Sink', { topics: 't', 'tasks.max': '2', 'lambda.scaling': 'fixed' });
    produce(0, 'p0');
    await cluster.minutes(2);
    cluster.kafka.addPartitions('t', 2);
    produce(3, 'before it was known');
    await cluster.minutes(6);
    produce(3, 'after');
    produce(0, 'p0 again');
    await cluster.minutes(2);
    expect(seen.slice(0, 2)).toEqual(['p0', 'before it was known']);
    expect(seen.slice(2).sort()).toEqual(['after', 'p0 again']);
    expect((await cluster.state.tasks.list('c')).map(({ assignment }) => assignment)).toEqual([
      { t: [0, 2] },
      { t: [1, 3] },
    ]);
    expect((await cluster.state.snapshot('c')).runs.filter(isLive)).toHaveLength(2);
  });
});

describe('a sink that drains', () => {
  it('has as many tasks as its backlog needs, from the offsets it has stored', async () => {
    const cluster = new WorkerUnderTest([sinkOf(() => ({ put: () => undefined }))]);
    const text = new TextEncoder();
    cluster.kafka.createTopic({ topic: 't', partitions: 4 });
    const produce = (count: number) => {
      for (let n = 0; n < count; n++)
        cluster.kafka.append({
          topic: 't',
          partition: n % 4,
          key: null,
          value: text.encode('x'),
          timestamp: null,
        });
    };
    await cluster.create('c', 'test.Sink', {
      topics: 't',
      'tasks.max': '4',
      'lambda.scaling.drain.ms': '1000',
    });
    const tasks = async () => (await cluster.state.tasks.list('c')).length;
    await cluster.minutes(1);
    expect(await tasks()).toBe(1);
    produce(1_500);
    await cluster.minutes(1);
    expect(await tasks()).toBe(2);
    await cluster.minutes(4);
    expect(await tasks()).toBe(1);
    const offsets = (await cluster.state.offsetPages.list('c')).map(({ offset }) => offset?.['kafka_offset']);
    expect(offsets).toEqual([375, 375, 375, 375]);
  });
});
