import { describe, expect, it } from 'vitest';
import { type TaskWork, taskMinutes } from '../../../lib/testing/task-minutes.ts';

const writes = async (work: TaskWork): Promise<number> => (await taskMinutes(work)).writes;
const key = 'offset.flush.interval.ms';

describe('a task writes to the table at most ten times a minute', () => {
  const sinks = (['drain', 'continuous'] as const).flatMap((mode) =>
    [1, 5, 30].flatMap((partitions) =>
      [false, true].map((isBusy) => [partitions, mode, isBusy ? 'with records' : 'idle', isBusy] as const),
    ),
  );
  it.each(sinks)('as a sink of %d partitions, %s, %s', async (partitions, mode, _, isBusy) => {
    const count = await writes({ kind: 'sink', mode, partitions, isBusy });
    expect(count).toBeLessThanOrEqual(10);
    expect(count).toBeGreaterThanOrEqual(3);
  });

  it.each([1, 2, 3, 5, 30])('as a continuous source of %d partitions', async (partitions) => {
    const count = await writes({ kind: 'source', mode: 'continuous', partitions, isBusy: true });
    expect(count).toBeLessThanOrEqual(10);
    expect(count).toBeGreaterThan(6);
  });

  it.each([1, 30])('as a source of %d partitions that drains and finds nothing', async (partitions) => {
    const count = await writes({ kind: 'source', mode: 'drain', partitions, isBusy: false });
    expect(count).toBeLessThanOrEqual(6);
    expect(count).toBeGreaterThan(4);
  });

  it.each([1, 3])('as a source of %d partitions that drains records of each', async (partitions) => {
    const count = await writes({ kind: 'source', mode: 'drain', partitions, isBusy: true });
    expect(count).toBeLessThanOrEqual(10);
    expect(count).toBeGreaterThan(6);
  });

  it('and one for each partition more that a drain of a source has records of', async () => {
    const count = await writes({ kind: 'source', mode: 'drain', partitions: 30, isBusy: true });
    // Each partition, six for the run, and each partition's history every ten minutes.
    expect(count).toBeLessThanOrEqual(30 + 6 + 3);
  });

  it('as an exactly-once source of 30 partitions', async () => {
    const workerConfig = { 'exactly.once.source.support': 'enabled' };
    const count = await writes({
      kind: 'source',
      mode: 'continuous',
      partitions: 30,
      isBusy: true,
      workerConfig,
    });
    expect(count).toBeLessThanOrEqual(10);
    expect(count).toBeGreaterThan(6);
  });

  it.each([
    ['the connector', { config: { [key]: '60000' } }],
    ['the worker', { workerConfig: { [key]: '60000' } }],
  ])('but commits all partitions in each %s gives, where it does', async (_, given) => {
    const work = { kind: 'source', mode: 'continuous', partitions: 30, isBusy: true } as const;
    const count = await writes({ ...work, ...given });
    // 30 commits, 3 heartbeats, and one for the history.
    expect(count).toBeGreaterThan(30);
    expect(count).toBeLessThanOrEqual(30 + 3 + 1);
  });
});
