import { describe, expect, it } from 'vitest';
import { isLive } from '../../../lib/storage/items/runs.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

async function clusterOfOne(): Promise<ClusterUnderTest> {
  const cluster = new ClusterUnderTest();
  cluster.plan = () => ({ ok: true, type: 'source', tasks: [{}] });
  await cluster.create({ 'tasks.max': '1' });
  return cluster;
}

/** The next run is claimed, commits so often, and is then killed: no heartbeat ever again. */
async function dieOnce(cluster: ClusterUnderTest, commits = 0): Promise<void> {
  for (let minute = 0; minute < 40; minute++) {
    await cluster.tick(1_000);
    const granted = (await cluster.runs()).find((run) => run.phase === 'GRANTED');
    if (granted !== undefined) {
      await cluster.start(granted);
      const stats = { records: 1, bytes: 1, lag: -1, ...(commits > 0 ? { commits } : {}) };
      await cluster.state.runs.heartbeat('c', granted.epoch, stats);
      for (let tick = 0; tick < 3; tick++) await cluster.tick();
      return;
    }
    await cluster.clock.advance(59_000);
  }
  throw new Error('nothing was granted');
}

const task = async (cluster: ClusterUnderTest) => {
  const [only] = await cluster.tasks();
  if (only === undefined) throw new Error('no task');
  return only;
};

describe('a run that dies without a word', () => {
  it('is followed at once, with batches of the same size', async () => {
    const cluster = await clusterOfOne();
    await dieOnce(cluster);
    expect(await task(cluster)).toMatchObject({ deaths: 1, batchDivisor: 1, attempts: 0 });
    expect((await cluster.runs()).filter(isLive)).toHaveLength(1);
  });

  it('again and again: batches halve, waits grow, and in the end the task says what to raise', async () => {
    const cluster = await clusterOfOne();
    const divisors: number[] = [];
    for (let death = 0; death < 6; death++) {
      await dieOnce(cluster);
      divisors.push((await task(cluster)).batchDivisor);
    }
    expect(divisors).toEqual([1, 2, 4, 8, 16, 32]);
    const failed = await task(cluster);
    expect(failed.state).toBe('FAILED');
    expect(failed.trace).toMatch(/6 runs in a row ended without a word before they had committed anything/);
    expect(failed.trace).toMatch(/memorySize, timeout/);
    const runs = cluster.invoked.length;
    for (let minute = 0; minute < 30; minute++) await cluster.tick();
    expect(cluster.invoked).toHaveLength(runs);
  });

  it('after it has committed: the task gets on, however often, with batches of the same size', async () => {
    const cluster = await clusterOfOne();
    for (let death = 0; death < 20; death++) {
      await dieOnce(cluster, 1);
      expect(await task(cluster)).toMatchObject({ state: 'UNASSIGNED', deaths: 1, batchDivisor: 1 });
      expect((await cluster.runs()).filter(isLive)).toHaveLength(1);
    }
  });

  it('after it has committed: what earlier deaths have taught about the size of batches stays', async () => {
    const cluster = await clusterOfOne();
    for (let death = 0; death < 5; death++) await dieOnce(cluster);
    await dieOnce(cluster, 3);
    expect(await task(cluster)).toMatchObject({ state: 'UNASSIGNED', deaths: 1, batchDivisor: 16 });
    for (let death = 0; death < 4; death++) await dieOnce(cluster);
    expect(await task(cluster)).toMatchObject({ state: 'UNASSIGNED', deaths: 5, batchDivisor: 256 });
    await dieOnce(cluster);
    expect((await task(cluster)).state).toBe('FAILED');
  });

  it('shows as UNASSIGNED with its trace and the size of its batches until a run is well', async () => {
    const cluster = await clusterOfOne();
    for (let death = 0; death < 3; death++) await dieOnce(cluster);
    expect((await cluster.status()).tasks[0]).toMatchObject({
      state: 'UNASSIGNED',
      batchDivisor: 4,
      trace: expect.stringContaining('no heartbeat'),
    });
  });

  it('is forgotten after ten runs that were well, step by step', async () => {
    const cluster = await clusterOfOne();
    for (let death = 0; death < 3; death++) await dieOnce(cluster);
    await cluster.clock.advance(900_000);
    const divisors: number[] = [];
    for (let run = 0; run < 21; run++) {
      await cluster.tick(1_000);
      await cluster.drainAll();
      await cluster.tick(59_000);
      divisors.push((await task(cluster)).batchDivisor);
    }
    expect(divisors.slice(0, 9)).toEqual(new Array(9).fill(4));
    expect(divisors[9]).toBe(2);
    expect(divisors[19]).toBe(1);
    expect((await task(cluster)).deaths).toBe(0);
  });
});
