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

  it('with its tasks begins a new generation, although the split is the same', async () => {
    const before = await generation();
    await fail(1);
    await herder.restart('c', { includeTasks: true, onlyFailed: false });
    await cluster.tick();
    await cluster.tick();
    expect(await generation()).not.toBe(before);
    expect(await states()).not.toContain('FAILED');
  });

  it('of what failed leaves a healthy connector and healthy tasks alone', async () => {
    const before = await generation();
    await fail(1);
    expect(await states()).toEqual(['UNASSIGNED', 'FAILED']);
    const plans = cluster.plans;
    await herder.restart('c', { includeTasks: true, onlyFailed: true });
    expect(await states()).toEqual(['UNASSIGNED', 'UNASSIGNED']);
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
