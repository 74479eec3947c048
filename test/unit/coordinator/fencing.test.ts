import { describe, expect, it } from 'vitest';
import type { PlanResponse } from '../../../lib/worker/protocol.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

const planOf =
  (tasks: number, exactlyOnce = true) =>
  (): PlanResponse => ({
    ok: true,
    type: 'source',
    tasks: Array.from({ length: tasks }, (_, n) => ({ part: String(n) })),
    ...(exactlyOnce && { exactlyOnce }),
  });

/** A cluster whose first generation has so many exactly-once tasks, all of them granted. */
async function running(tasks: number): Promise<ClusterUnderTest> {
  const cluster = new ClusterUnderTest();
  cluster.plan = planOf(tasks);
  await cluster.create();
  await cluster.tick();
  return cluster;
}

async function reconfigured(cluster: ClusterUnderTest): Promise<void> {
  await cluster.drainAll();
  const worker = { functionName: 'f', version: '1' };
  await cluster.state.connectors.reconfigure('c', { 'tasks.max': '9' }, worker, cluster.clock.now());
  await cluster.tick();
}

describe('the barrier before a new generation of exactly-once tasks', () => {
  it('has nothing to fence before the first one', async () => {
    const cluster = await running(3);
    expect(cluster.fenced).toEqual([]);
    expect((await cluster.state.connectors.get('c'))?.transactionalTasks).toBe(3);
  });

  it('fences every transactional id of the last one before the new tasks are written', async () => {
    const cluster = await running(3);
    cluster.plan = planOf(1);
    let during: (number | undefined)[] = [];
    cluster.fence = () => {
      during = cluster.invoked.map(({ task }) => task);
      return { ok: true };
    };
    const before = cluster.invoked.length;
    await reconfigured(cluster);
    expect(cluster.fenced).toEqual([{ op: 'fence', connector: 'c', tasks: 3 }]);
    expect(during).toHaveLength(before);
    expect(cluster.invoked.length).toBe(before + 1);
    expect((await cluster.state.connectors.get('c'))?.transactionalTasks).toBe(1);
  });

  it('leaves one task before and one after to the init of the new run', async () => {
    const cluster = await running(1);
    await reconfigured(cluster);
    expect(cluster.fenced).toEqual([]);
  });

  it('remembers the ids while the connector is stopped', async () => {
    const cluster = await running(3);
    await cluster.state.connectors.setTargetState('c', 'STOPPED', cluster.clock.now());
    await cluster.drainAll();
    await cluster.tick();
    cluster.plan = planOf(2);
    await cluster.state.connectors.setTargetState('c', 'RUNNING', cluster.clock.now());
    await cluster.tick();
    expect(cluster.fenced).toEqual([{ op: 'fence', connector: 'c', tasks: 3 }]);
  });

  it('fences also when the worker is no longer exactly-once, and then no more', async () => {
    const cluster = await running(2);
    cluster.plan = planOf(2, false);
    await reconfigured(cluster);
    await reconfigured(cluster);
    expect(cluster.fenced).toHaveLength(1);
  });

  it('grants nothing and says why while an id cannot be fenced, then goes on', async () => {
    const cluster = await running(2);
    const granted = cluster.invoked.length;
    cluster.fence = () => ({ ok: false, retriable: true, trace: 'Kafka is away' });
    await reconfigured(cluster);
    expect(cluster.invoked).toHaveLength(granted);
    expect((await cluster.state.connectors.get('c'))?.trace).toBe('Kafka is away');
    cluster.fence = () => ({ ok: true });
    await cluster.clock.advance(20 * 60_000);
    await cluster.tick();
    expect(cluster.invoked).toHaveLength(granted + 2);
    expect((await cluster.state.connectors.get('c'))?.trace).toBeUndefined();
  });
});
