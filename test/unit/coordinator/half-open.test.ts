import { describe, expect, it } from 'vitest';
import { isLive } from '../../../lib/storage/items/runs.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

const down = { reason: 'ERROR', retriable: true, error: 'target down' } as const;

async function clusterOf(tasks: number, mode: 'drain' | 'continuous' = 'drain'): Promise<ClusterUnderTest> {
  const cluster = new ClusterUnderTest({ mode, rediscoveryMs: 300_000 });
  const split = Array.from({ length: tasks }, (_, part) => ({ part: String(part) }));
  cluster.plan = () => ({ ok: true, type: 'source', tasks: split });
  await cluster.create({ 'tasks.max': String(tasks) });
  return cluster;
}

/** Minute by minute; whatever is granted fails. */
async function outage(cluster: ClusterUnderTest, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await cluster.tick(5_000);
    await cluster.drainAll(down);
    await cluster.clock.advance(55_000);
  }
}

describe('while the tasks of a connector back off', () => {
  it('one of them is tried at a time, in turn, however many there are', async () => {
    const cluster = await clusterOf(10);
    await outage(cluster, 180);
    // Ten at first, then after 1, 2, 4, 8, 15, 15 … minutes one.
    expect(cluster.invoked.length).toBeGreaterThan(15);
    expect(cluster.invoked.length).toBeLessThan(27);
    const probes = cluster.invoked.slice(10).map(({ task }) => task);
    expect(probes.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('its success frees the others at once', async () => {
    const cluster = await clusterOf(4);
    await outage(cluster, 30);
    const before = cluster.invoked.length;
    for (let minute = 0; cluster.invoked.length === before && minute < 20; minute++) await cluster.tick();
    expect(cluster.invoked.length).toBe(before + 1);
    await cluster.drainAll();
    await cluster.tick();
    expect((await cluster.runs()).filter(isLive)).toHaveLength(4);
    expect((await cluster.tasks()).map(({ attempts }) => attempts)).toEqual([0, 0, 0, 0]);
  });

  it('a probe that has been at work for a minute frees them as well', async () => {
    const cluster = await clusterOf(3, 'continuous');
    await outage(cluster, 10);
    const before = cluster.invoked.length;
    for (let minute = 0; cluster.invoked.length === before && minute < 20; minute++)
      await cluster.tick(1_000);
    const probe = (await cluster.runs()).find(isLive);
    if (probe === undefined) throw new Error('no probe');
    expect(probe.probe).toBe(true);
    await cluster.start(probe);
    await cluster.tick(30_000);
    expect((await cluster.runs()).filter(isLive)).toHaveLength(1);
    await cluster.state.runs.heartbeat('c', probe.epoch, probe.stats);
    await cluster.clock.advance(31_000);
    await cluster.tick();
    expect((await cluster.runs()).filter(isLive)).toHaveLength(3);
  });

  it('tasks that are well go on', async () => {
    const cluster = await clusterOf(2);
    await cluster.tick();
    const granted: number[] = [];
    for (let minute = 0; minute < 5; minute++) {
      for (const run of (await cluster.runs()).filter((r) => r.phase === 'GRANTED')) {
        granted.push(run.task);
        await cluster.start(run);
        await cluster.finish(run, run.task === 0 ? down : {});
      }
      await cluster.tick();
    }
    expect(granted.filter((task) => task === 1)).toHaveLength(5);
    expect(granted.filter((task) => task === 0).length).toBeLessThan(4);
  });

  it('a wait that a jumped clock has reckoned is not waited for', async () => {
    const cluster = await clusterOf(1);
    await cluster.clock.advance(6 * 3_600_000);
    await cluster.tick(1_000);
    await cluster.drainAll(down);
    await cluster.tick(1_000);
    const back = new ClusterUnderTest();
    const earlier = { ...cluster.deps, clock: back.clock };
    const { tick } = await import('../../../lib/coordinator/tick.ts');
    await tick(earlier);
    expect(cluster.invoked).toHaveLength(2);
  });
});
