import { describe, expect, it } from 'vitest';
import { assignPartitions } from '../../../lib/coordinator/assignment.ts';
import { learnedRate, sinkTasks } from '../../../lib/coordinator/scaling.ts';
import type { Assignment } from '../../../lib/storage/items/task-item.ts';
import type { PlannedPartition } from '../../../lib/worker/protocol.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

const partitions = (count: number, backlog: number): PlannedPartition[] =>
  Array.from({ length: count }, (_, partition) => ({
    topic: 't',
    partition,
    next: '0',
    end: String(Math.floor(backlog / count)),
  }));

const scale = (
  current: number,
  backlog: number,
  { config = {}, low = 0, rate = 1_000, isFailing = false, isAtWork = false } = {},
) =>
  sinkTasks(
    {
      connector: { config: { 'tasks.max': '16', ...config }, scale: { rate, low } },
      mode: 'drain',
      current,
      isFailing,
      isAtWork,
    },
    partitions(32, backlog),
  );

describe('the number of tasks of a sink', () => {
  it.each([
    ['one where there is next to nothing to do', 0, 100, 1],
    ['what brings the backlog down within a minute', 0, 32 * 10_000, 6],
    ['no more than tasks.max', 0, 1e9, 16],
    ['at most twice as many at a time', 3, 1e9, 6],
    ['as many as there are, before the third low plan', 8, 0, 8],
  ])('is %s', (_, current, backlog, expected) => expect(scale(current, backlog).tasks).toBe(expected));

  it('falls to half after three low plans, and counts anew after a busy one', () => {
    expect(scale(8, 0, { low: 1 })).toEqual({ tasks: 8, memory: { rate: 1_000, low: 2 } });
    expect(scale(8, 0, { low: 2 })).toEqual({ tasks: 4, memory: { rate: 1_000, low: 0 } });
    expect(scale(8, 1e9, { low: 2 }).memory.low).toBe(0);
    // Never under the need of a drain that is at work.
    expect(scale(8, 0, { low: 2, isAtWork: true })).toEqual({ tasks: 8, memory: { rate: 1_000, low: 0 } });
  });

  it.each([
    ['with lambda.scaling=fixed, whatever the backlog', { config: { 'lambda.scaling': 'Fixed' } }, 1, 16],
    ['as it was while tasks fail', { isFailing: true }, 3, 3],
    ['with a faster drain wanted, more', { config: { 'lambda.scaling.drain.ms': '1000' } }, 0, 16],
  ])('is, %s', (_, options, current, expected) =>
    expect(scale(current, 20_000, options).tasks).toBe(expected),
  );

  it('is what tasks.max and the partitions allow where the backlog is not known', () => {
    const unknown = partitions(4, 0).map(({ topic, partition }) => ({ topic, partition }));
    const connector = { config: { 'tasks.max': '3' }, scale: { rate: 0, low: 0 } };
    const request = { connector, mode: 'drain', isFailing: false, isAtWork: false } as const;
    expect(sinkTasks({ ...request, current: 0 }, unknown).tasks).toBe(3);
    expect(sinkTasks({ ...request, current: 2 }, unknown).tasks).toBe(2);
  });

  it('rests on what runs have shown: a drain both ways, a continuous run only upwards', () => {
    const run = (records: number, seconds: number) =>
      ({
        phase: 'DONE',
        invokedAt: 1_000,
        endedAt: 1_000 + seconds * 1_000,
        stats: { records, bytes: 0, lag: 0 },
      }) as Parameters<typeof learnedRate>[1];
    expect(learnedRate(0, run(10_000, 10), 'drain')).toBe(1_000);
    expect(learnedRate(1_000, run(5_000, 10), 'drain')).toBe(900);
    expect(learnedRate(1_000, run(5_000, 800), 'continuous')).toBe(1_000);
    expect(learnedRate(1_000, run(20_000, 10), 'continuous')).toBe(2_000);
    expect(learnedRate(1_000, run(10, 1), 'drain')).toBe(1_000);
  });

  it('changes between drains, and each partition keeps its task where it can', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create({ 'tasks.max': '4' }, 'sink');
    let backlog = 0;
    cluster.plan = () => ({ ok: true, type: 'sink', config: {}, partitions: partitions(8, backlog) });
    const counts: number[] = [];
    for (const next of [0, 1e6, 1e6, 0, 0, 0]) {
      backlog = next;
      await cluster.tick();
      await cluster.drainAll();
      counts.push((await cluster.tasks()).length);
    }
    expect(counts).toEqual([1, 2, 4, 4, 4, 2]);
  });
});

describe('assignPartitions', () => {
  const flat = (assignments: readonly Assignment[]): string[] =>
    assignments.flatMap((each) => Object.entries(each).flatMap(([t, ps]) => ps.map((p) => `${t}-${p}`)));

  it('deals every partition once for any number of tasks before and after, evenly, moving no more than it must', () => {
    for (let total = 1; total <= 12; total++) {
      for (let from = 1; from <= 6; from++) {
        for (let to = 1; to <= 6; to++) {
          const all = partitions(total, 0);
          const before = assignPartitions(all, from, []);
          const after = assignPartitions(all, to, before);
          expect(flat(after).sort()).toEqual(
            all.map(({ topic, partition }) => `${topic}-${partition}`).sort(),
          );
          const sizes = after.map((each) => flat([each]).length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(assignPartitions(all, to, after)).toEqual(after);
        }
      }
    }
  });

  it('gives what must move to the tasks with the least to do', () => {
    const loads = [1_000, 1_000, 10, 10];
    const all = loads.map((end, partition) => ({ topic: 't', partition, next: '0', end: String(end) }));
    expect(assignPartitions(all, 2, [])).toEqual([{ t: [0, 2] }, { t: [1, 3] }]);
  });
});
