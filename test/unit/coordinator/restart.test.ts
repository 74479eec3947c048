import { beforeEach, describe, expect, it } from 'vitest';
import { Herder } from '../../../lib/coordinator/herder.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

describe('Herder.restart', () => {
  let cluster: ClusterUnderTest;
  let herder: Herder;
  beforeEach(async () => {
    cluster = new ClusterUnderTest();
    const { state, clock } = cluster;
    herder = new Herder({
      state,
      clock,
      random: cluster.deps.random,
      registry: new PluginRegistry([]),
      workerConfig: {},
      nudge: async () => undefined,
    });
    await cluster.create({}, 'source');
    await cluster.tick();
  });
  const states = async () => (await cluster.state.tasks.list('c')).map((task) => task.state);
  const generation = async () => (await cluster.state.connectors.get('c'))?.generation;
  const epochsOf = async (task: number) =>
    (await cluster.runs()).filter((run) => run.task === task).map((run) => run.epoch);
  const fail = async (task: number) => {
    for (const run of await cluster.runs()) {
      await cluster.start(run);
      await cluster.finish(run, run.task === task ? { reason: 'ERROR', retriable: false, error: 'x' } : {});
    }
    await cluster.tick(1_000);
  };

  it('of the connector alone asks for its split again and leaves the tasks as they are', async () => {
    const before = await generation();
    const plans = cluster.plans;
    await herder.restart('c', { includeTasks: false, onlyFailed: false });
    await cluster.tick();
    expect(cluster.plans).toBe(plans + 1);
    expect(await generation()).toBe(before);
  });

  it('with its tasks ends their runs in order and grants new ones, in the same generation', async () => {
    const before = await generation();
    const [first, second] = await cluster.runs();
    if (first === undefined || second === undefined) throw new Error('nothing granted');
    await cluster.start(first);
    await herder.restart('c', { includeTasks: true, onlyFailed: false });
    expect(await states()).toEqual(['RESTARTING', 'RESTARTING']);
    await cluster.tick(1_000);
    expect(await epochsOf(0)).toEqual([first.epoch]);
    expect((await cluster.runs())[0]).toMatchObject({ phase: 'RUNNING', control: 'YIELD' });
    await cluster.finish(first, { reason: 'YIELD' });
    await cluster.tick(1_000);
    expect((await epochsOf(0)).length).toBe(2);
    expect((await epochsOf(1)).length).toBe(2);
    expect(await generation()).toBe(before);
    await cluster.drainAll();
    await cluster.tick(1_000);
    expect(await states()).toEqual(['UNASSIGNED', 'UNASSIGNED']);
  });

  it('shows what is restarted as RESTARTING at once, also while the old run is still at work', async () => {
    const [first] = await cluster.runs();
    if (first === undefined) throw new Error('nothing granted');
    await cluster.start(first);
    await herder.restart('c', { includeTasks: true, onlyFailed: false });
    const status = await cluster.status();
    expect(status.state).toBe('RESTARTING');
    expect(status.tasks.map((task) => task.state)).toEqual(['RESTARTING', 'RESTARTING']);
  });

  it('wins over what the old run comes to, also when that fails for good', async () => {
    const [first] = await cluster.runs();
    if (first === undefined) throw new Error('nothing granted');
    await cluster.start(first);
    await herder.restartTask('c', 0);
    await cluster.finish(first, { reason: 'ERROR', retriable: false, error: 'poison' });
    await cluster.tick(1_000);
    expect((await cluster.state.tasks.get('c', 0))?.trace).toBeUndefined();
    expect((await epochsOf(0)).length).toBe(2);
  });

  it('of one task leaves the others alone', async () => {
    await fail(1);
    await cluster.state.tasks.list('c');
    const runs = (await cluster.runs()).length;
    await herder.restartTask('c', 1);
    expect(await states()).toEqual(['UNASSIGNED', 'RESTARTING']);
    await cluster.tick(1_000);
    expect((await cluster.runs()).slice(runs).map((run) => run.task)).toEqual([1]);
    await expect(herder.restartTask('c', 7)).rejects.toMatchObject({ message: 'Unknown task: c-7' });
    await expect(herder.restartTask('none', 0)).rejects.toMatchObject({
      message: 'Unknown connector: none',
    });
  });

  it('leaves a stopped connector stopped, and brings a paused one back to PAUSED', async () => {
    await cluster.drainAll();
    await herder.setTargetState('c', 'STOPPED');
    await cluster.tick(1_000);
    await herder.restart('c', { includeTasks: true, onlyFailed: false });
    await cluster.tick(1_000);
    expect((await cluster.status()).state).toBe('STOPPED');
    await herder.setTargetState('c', 'PAUSED');
    await cluster.tick(1_000);
    await herder.restart('c', { includeTasks: false, onlyFailed: false });
    expect((await cluster.status()).state).toBe('RESTARTING');
    await cluster.tick(1_000);
    expect((await cluster.status()).state).toBe('PAUSED');
  });

  it('that comes while a tick is at work is not lost', async () => {
    await cluster.drainAll();
    const { plans } = cluster;
    cluster.plan = () => ({ ok: true, type: 'source', tasks: [{ part: 'a' }, { part: 'b' }] });
    await cluster.clock.advance(60_000);
    cluster.beforePlan = async () => {
      cluster.beforePlan = async () => undefined;
      await herder.restart('c', { includeTasks: false, onlyFailed: false });
    };
    await cluster.tick(1_000);
    expect(cluster.plans).toBe(plans + 2);
    expect((await cluster.status()).state).toBe('RUNNING');
  });

  it('of what failed leaves a healthy connector and healthy tasks alone', async () => {
    const before = await generation();
    await fail(1);
    expect(await states()).toEqual(['UNASSIGNED', 'FAILED']);
    const plans = cluster.plans;
    await herder.restart('c', { includeTasks: true, onlyFailed: true });
    expect(await states()).toEqual(['UNASSIGNED', 'RESTARTING']);
    await cluster.tick(1_000);
    expect(await generation()).toBe(before);
    expect(cluster.plans).toBe(plans);
  });

  it('of a failed connector asks again although its plan had failed for good', async () => {
    const { plan } = cluster;
    cluster.plan = () => ({ ok: false, retriable: false, trace: 'no such table' });
    await cluster.state.connectors.reconfigure(
      'c',
      {},
      { functionName: 'f', version: '1' },
      cluster.clock.now(),
    );
    for (let i = 0; i < 3; i++) await cluster.tick();
    expect((await cluster.state.connectors.get('c'))?.state).toBe('FAILED');
    cluster.plan = plan;
    await herder.restart('c', { includeTasks: false, onlyFailed: true });
    await cluster.tick();
    expect((await cluster.state.connectors.get('c'))?.state).toBe('RUNNING');
  });

  it('of an unknown connector fails as in Kafka Connect', async () => {
    await expect(herder.restart('none', { includeTasks: false, onlyFailed: false })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'Unknown connector: none',
    });
  });
});
