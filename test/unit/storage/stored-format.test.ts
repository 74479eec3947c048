import { describe, expect, it } from 'vitest';
import { tick } from '../../../lib/coordinator/tick.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { storedFormat } from '../../../lib/storage/items/format.ts';
import { guardFormat } from '../../../lib/storage/items/format-guard.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import type { Item } from '../../../lib/storage/table.ts';
import { countingSource } from '../worker/counting-plugins.ts';
import { WorkerUnderTest } from '../worker/worker-under-test.ts';
import { ClusterUnderTest } from '../coordinator/cluster-under-test.ts';

const newer = storedFormat + 1;
const refused = { code: 'FORMAT' };

describe('items of a newer format', () => {
  const kinds: readonly [string, string, string][] = [
    ['CONNECTOR', 'connectors', ''],
    ['TASK', 'connector#c', 'task#'],
    ['RUN', 'connector#c', 'run#'],
    ['OFFSET', 'offsets#c', ''],
  ];

  it.each(kinds)('of kind %s are left as they are by a tick and a run', async (_, pk, prefix) => {
    const cluster = new WorkerUnderTest([countingSource]);
    cluster.kafka.createTopic({ topic: 'numbers', partitions: 1 });
    await cluster.create('c', 'test.CountingSource', { 'tasks.max': '2' });
    await cluster.minutes(2);
    const items = await cluster.table.query(pk, prefix);
    expect(items.length).toBeGreaterThan(0);
    for (const item of items) await cluster.table.put({ ...item, format: newer });
    const before = await cluster.table.query(pk, prefix);
    await cluster.state.connectors.runNow('c', cluster.clock.now()).catch((error: unknown) => {
      expect(error).toMatchObject(refused);
    });
    await cluster.minutes(3);
    const after = new Map((await cluster.table.query(pk, prefix)).map((item) => [item.sk, item]));
    expect(before.map((item) => after.get(item.sk))).toEqual(before);
    const told = JSON.stringify([cluster.log, await cluster.table.query('connector#c')]);
    expect(told).toContain(`has stored format ${newer}`);
  });

  it('of kind TOPIC are neither read, added to nor deleted', async () => {
    const table = memoryTable();
    const { topics } = clusterState(table);
    const item = { pk: 'connector#c', sk: 'topic#t', since: 1, format: newer };
    await table.put(item);
    await expect(topics.list('c')).rejects.toMatchObject(refused);
    await expect(topics.add('c', 't', 0, 2)).rejects.toMatchObject(refused);
    await expect(topics.reset('c')).rejects.toMatchObject(refused);
    expect(await table.get(item)).toEqual(item);
  });

  it('of one connector do not stop the others', async () => {
    const cluster = new ClusterUnderTest();
    const table = memoryTable();
    const deps = { ...cluster.deps, state: clusterState(table) };
    for (const name of ['old', 'new']) {
      await deps.state.connectors.create(
        {
          name,
          uid: name,
          type: 'source',
          config: {},
          targetState: 'RUNNING',
          worker: { functionName: 'f', version: '1' },
        },
        cluster.clock.now(),
        name,
      );
    }
    const item = await table.get({ pk: 'connectors', sk: 'new' });
    await table.put({ ...(item as Item), format: newer });
    const result = await tick(deps);
    expect(result).toMatchObject({ connectors: 1, failed: ['new'] });
    expect(new Set(cluster.invoked.map(({ connector }) => connector))).toEqual(new Set(['old']));
  });

  it('are overwritten by no kind of write, whether it reads before or not', async () => {
    const table = memoryTable();
    const guarded = guardFormat(table);
    const key = { pk: 'p', sk: 's' };
    await table.put({ ...key, kept: 1, format: newer });
    await expect(guarded.put({ ...key, kept: 2 })).rejects.toMatchObject(refused);
    await expect(guarded.update(key, { set: { kept: 2 } })).rejects.toMatchObject(refused);
    await expect(guarded.update(key, { add: { kept: 1 } }, { if: { exists: 'kept' } })).rejects.toMatchObject(
      refused,
    );
    await expect(guarded.delete(key)).rejects.toMatchObject(refused);
    expect(await table.get(key)).toEqual({ ...key, kept: 1, format: newer });
  });

  it('are told from those of this format and of the one before, which are written as ever', async () => {
    const guarded = guardFormat(memoryTable());
    for (const format of [storedFormat, storedFormat - 1]) {
      const key = { pk: 'p', sk: String(format) };
      await guarded.put({ ...key, format });
      expect((await guarded.update(key, { set: { a: 1 } })).applied).toBe(true);
      expect((await guarded.delete(key)).applied).toBe(true);
      expect((await guarded.delete(key, { if: { exists: 'a' } })).applied).toBe(false);
    }
  });
});

describe('a connector as the first release stored it', () => {
  it('goes on: attributes that came later have defaults', async () => {
    const cluster = new WorkerUnderTest([countingSource]);
    cluster.kafka.createTopic({ topic: 'numbers', partitions: 1 });
    await cluster.create('c', 'test.CountingSource', { 'tasks.max': '2' });
    await cluster.minutes(2);
    const later = {
      connectors: ['wishes', 'restUntil', 'runsFrom', 'budget', 'scale'],
      'connector#c': ['deaths', 'batchDivisor', 'calmRuns', 'restart', 'worker', 'endedAt', 'probe'],
      'offsets#c': ['keptAt'],
    };
    for (const [pk, attributes] of Object.entries(later)) {
      for (const item of await cluster.table.query(pk)) {
        const first = Object.entries(item).filter(([attribute]) => !attributes.includes(attribute));
        await cluster.table.put(Object.fromEntries(first) as Item);
      }
    }
    const runs = async () => (await cluster.state.snapshot('c')).runs.length;
    const before = await runs();
    await cluster.minutes(3);
    expect(await runs()).toBe(before + 6);
    expect((await cluster.state.tasks.list('c')).every(({ trace }) => trace === undefined)).toBe(true);
  });
});
