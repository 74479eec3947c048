import { beforeEach, describe, expect, it } from 'vitest';
import { isLive, type RunItem } from '../../../lib/storage/items/runs.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

const worker = (version: string) => ({ functionName: 'f', version });

describe('new code of a connector’s function', () => {
  let cluster: ClusterUnderTest;
  const deploy = (version: string) =>
    cluster.state.connectors.deploy('c', worker(version), cluster.clock.now());
  const generation = async () => (await cluster.state.connectors.get('c'))?.generation;
  const live = async (): Promise<RunItem[]> => (await cluster.runs()).filter(isLive);

  beforeEach(async () => {
    cluster = new ClusterUnderTest({ mode: 'continuous', rediscoveryMs: 300_000 });
    await cluster.create();
    await cluster.tick(1_000);
    for (const run of await live()) await cluster.start(run);
  });

  it('takes over from runs at work as before their deadline: a successor of the same generation stands by', async () => {
    const before = await generation();
    await deploy('2');
    await cluster.tick(1_000);
    expect(await generation()).toBe(before);
    const runs = await live();
    expect(runs.map((run) => run.workerVersion)).toEqual(['1', '1', '2', '2']);
    expect(runs.slice(2).map((run) => run.waitsFor)).toEqual(runs.slice(0, 2).map((run) => run.epoch));
    // Nothing is asked of the old runs but what their successors ask.
    expect(runs.slice(0, 2).map((run) => run.control)).toEqual(['NONE', 'NONE']);
  });

  it('is asked for its split, and a rollback in the middle is safe', async () => {
    const { plans } = cluster;
    await deploy('2');
    await cluster.tick(1_000);
    await deploy('1');
    await cluster.tick(1_000);
    expect(cluster.plans).toBe(plans + 2);
    expect((await live()).length).toBe(4);
    for (const run of (await live()).slice(0, 2)) await cluster.finish(run, { reason: 'YIELD' });
    for (const run of await live()) await cluster.start(run);
    await cluster.tick(1_000);
    expect((await live()).filter((run) => run.workerVersion === '1')).toHaveLength(2);
  });

  it('that splits the work otherwise begins a new generation behind the barrier', async () => {
    const before = await generation();
    cluster.plan = () => ({ ok: true, type: 'source', tasks: [{ part: 'whole' }] });
    await deploy('2');
    await cluster.tick(1_000);
    expect(await generation()).toBe(before);
    expect((await live()).map((run) => run.control)).toEqual(['YIELD', 'YIELD']);
    for (const run of await live()) await cluster.finish(run, { reason: 'YIELD' });
    await cluster.tick(1_000);
    expect(await generation()).not.toBe(before);
    expect((await live()).map((run) => run.workerVersion)).toEqual(['2']);
  });

  it('that cannot be planned leaves the tasks of before at work', async () => {
    cluster.plan = () => ({ ok: false, retriable: false, trace: 'cannot load' });
    await deploy('2');
    await cluster.tick(1_000);
    expect((await live()).length).toBeGreaterThanOrEqual(2);
    expect(await cluster.status()).toMatchObject({ state: 'FAILED', trace: 'cannot load' });
  });

  it('gives failed tasks another chance', async () => {
    const [first] = await live();
    if (first === undefined) throw new Error('nothing granted');
    await cluster.finish(first, { reason: 'ERROR', retriable: false, error: 'a bug' });
    await cluster.tick(1_000);
    expect((await cluster.tasks())[0]?.state).toBe('FAILED');
    await deploy('2');
    await cluster.tick(1_000);
    expect((await cluster.tasks())[0]?.state).not.toBe('FAILED');
    expect((await live()).some((run) => run.task === 0 && run.workerVersion === '2')).toBe(true);
  });

  it('lets a drain end on the code it began with', async () => {
    cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.tick();
    for (const run of await live()) await cluster.start(run);
    await deploy('2');
    await cluster.tick(1_000);
    expect((await live()).map((run) => [run.workerVersion, run.control])).toEqual([
      ['1', 'NONE'],
      ['1', 'NONE'],
    ]);
  });
});
