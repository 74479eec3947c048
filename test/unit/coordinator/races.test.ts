import { describe, expect, it } from 'vitest';
import type { CoordinatorDeps } from '../../../lib/coordinator/pass.ts';
import { reconcile } from '../../../lib/coordinator/reconcile.ts';
import { connectorStatus } from '../../../lib/coordinator/status.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

/** Histories that the simulation found (docs/simulation.md), each reduced to its core. */
describe('a coordinator that dies or stalls at the wrong moment', () => {
  it('deletes a connector although a run of it has died without a word', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.tick();
    for (const run of await cluster.runs()) await cluster.start(run);
    await cluster.state.connectors.setTargetState('c', 'DELETING', cluster.clock.now());
    for (let minute = 0; minute < 5; minute++) await cluster.tick();
    expect(await cluster.state.connectors.get('c')).toBeUndefined();
    expect((await cluster.state.connectors.getWithStub('c'))?.targetState).toBe('DELETED');
    expect(await cluster.state.snapshot('c')).toEqual({ tasks: [], runs: [] });
  });

  it('counts the records of a run once, also between the two writes that take it in', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.tick();
    await cluster.drainAll();
    cluster.state.runs.markFolded = () => Promise.reject(new Error('the coordinator is killed here'));
    await cluster.tick();
    const connector = await cluster.state.connectors.get('c');
    if (connector === undefined) throw new Error('The connector is gone');
    const { tasks } = await connectorStatus(connector, cluster.state, cluster.clock.now());
    expect(tasks.map(({ records }) => records)).toEqual([5, 5]);
  });

  it('leaves tasks alone that another coordinator has split and runs have claimed since it looked', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    const lockless = { ...cluster.deps, timing: { ...cluster.deps.timing, lockMs: -1 } };
    const stalled: CoordinatorDeps = {
      ...lockless,
      invoker: {
        ...cluster.deps.invoker,
        plan: async () => {
          await reconcile('c', lockless);
          for (const run of await cluster.runs()) await cluster.start(run);
          return { ok: true, type: 'source', tasks: [{ part: 'z' }] };
        },
      },
    };
    await reconcile('c', stalled);
    const connector = await cluster.state.connectors.get('c');
    const tasks = await cluster.tasks();
    const owned = { generation: connector?.generation, released: false };
    expect(tasks).toMatchObject([
      { ...owned, config: { part: 'a' } },
      { ...owned, config: { part: 'b' } },
    ]);
  });

  it('removes what it grants and what a zombie notes after the connector was deleted', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.tick();
    await cluster.drainAll();
    await cluster.state.connectors.setTargetState('c', 'DELETING', cluster.clock.now());
    await cluster.tick();
    const stub = await cluster.state.connectors.getWithStub('c');
    const epoch = await cluster.state.connectors.nextEpoch('c');
    const late = { connector: 'c', epoch, task: 0, generation: 1, configVersion: 1, workerVersion: '1' };
    await cluster.state.runs.grant({ ...late, waitsFor: 0, probe: false }, cluster.clock.now(), 'late');
    await cluster.state.topics.add('c', 't', 0, cluster.clock.now());
    await cluster.tick();
    expect(stub?.targetState).toBe('DELETED');
    expect(await cluster.state.snapshot('c')).toEqual({ tasks: [], runs: [] });
    expect(await cluster.state.topics.list('c')).toEqual([]);
  });

  it('fences old transactional ids when no run of before can find its task any more', async () => {
    const cluster = new ClusterUnderTest();
    cluster.plan = () => ({ ok: true, type: 'source', tasks: [{}, {}], exactlyOnce: true });
    await cluster.create();
    await cluster.tick();
    const before = await cluster.runs();
    for (const run of before) await cluster.start(run);
    let late: Promise<boolean>[] = [];
    cluster.fence = () => {
      late = before.map(({ task, epoch, generation }) =>
        cluster.state.tasks.confirmProducer('c', task, { epoch, generation, producer: '1:1' }),
      );
      return { ok: true };
    };
    const worker = { functionName: 'f', version: '1' };
    await cluster.state.connectors.reconfigure('c', { 'tasks.max': '9' }, worker, cluster.clock.now());
    for (let minute = 0; minute < 4; minute++) await cluster.tick();
    expect(await Promise.all(late)).toEqual([false, false]);
  });
});

describe('a coordinator whose clock is hours ahead', () => {
  const ahead = (cluster: ClusterUnderTest): CoordinatorDeps => ({
    ...cluster.deps,
    clock: {
      now: () => cluster.clock.now() + 3 * 3_600_000,
      monotonic: () => cluster.clock.monotonic(),
      sleep: (ms, signal) => cluster.clock.sleep(ms, signal),
    },
  });

  it('holds nobody up with its lock when it dies', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.state.connectors.lock('c', 'dead', ahead(cluster).clock.now(), 30_000);
    await cluster.tick();
    expect(cluster.invoked).toHaveLength(2);
  });

  it('keeps nobody from invoking its runs again', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await reconcile('c', ahead(cluster));
    expect(cluster.invoked).toHaveLength(2);
    await cluster.tick();
    expect(cluster.invoked).toHaveLength(4);
  });
});
