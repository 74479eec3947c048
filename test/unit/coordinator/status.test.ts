import { beforeEach, describe, expect, it } from 'vitest';
import type { RunItem } from '../../../lib/storage/items/runs.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

describe('the status of a connector', () => {
  let cluster: ClusterUnderTest;
  beforeEach(async () => {
    cluster = new ClusterUnderTest();
    cluster.plan = () => ({ ok: true, type: 'source', tasks: [{}] });
    await cluster.create();
  });
  const states = async (): Promise<string> => {
    const { state, tasks } = await cluster.status();
    return [state, ...tasks.map((task) => task.state)].join(' ');
  };
  const granted = async (): Promise<RunItem> => {
    const run = (await cluster.runs()).find(({ phase }) => phase === 'GRANTED');
    if (run === undefined) throw new Error('nothing granted');
    return run;
  };

  it('is UNASSIGNED until it is planned, and its task until a run is at work', async () => {
    expect(await states()).toBe('UNASSIGNED');
    await cluster.tick(1_000);
    expect(await states()).toBe('RUNNING UNASSIGNED');
    await cluster.start(await granted());
    expect(await states()).toBe('RUNNING RUNNING');
  });

  it('is RUNNING between the drains of a healthy schedule', async () => {
    await cluster.tick(1_000);
    await cluster.drainAll();
    await cluster.tick(30_000);
    expect(await states()).toBe('RUNNING RUNNING');
  });

  it('names who works: the function, and the log stream of the latest run', async () => {
    await cluster.tick(1_000);
    expect(await cluster.status()).toMatchObject({ workerId: 'f', tasks: [{ workerId: 'f' }] });
    await cluster.drainAll();
    await cluster.tick(30_000);
    expect(await cluster.status()).toMatchObject({ workerId: 'f', tasks: [{ workerId: 'f/s' }] });
  });

  it('of a task is UNASSIGNED while a failure is tried again, with the failure as its trace', async () => {
    await cluster.tick(1_000);
    await cluster.drainAll({ reason: 'ERROR', retriable: true, error: 'target down' });
    await cluster.tick(1_000);
    expect(await states()).toBe('RUNNING UNASSIGNED');
    expect((await cluster.status()).tasks[0]?.trace).toBe('target down');
  });

  it('of a task that failed for good is FAILED, also while the connector is paused', async () => {
    await cluster.tick(1_000);
    await cluster.drainAll({ reason: 'ERROR', retriable: false, error: 'poison' });
    await cluster.tick(1_000);
    expect(await states()).toBe('RUNNING FAILED');
    await cluster.state.connectors.setTargetState('c', 'PAUSED', cluster.clock.now());
    await cluster.tick(1_000);
    expect(await states()).toBe('PAUSED FAILED');
  });

  it('is PAUSED when every run has ended, not when that was asked for', async () => {
    await cluster.tick(1_000);
    const run = await granted();
    await cluster.start(run);
    await cluster.state.connectors.setTargetState('c', 'PAUSED', cluster.clock.now());
    await cluster.tick(1_000);
    expect(await states()).toBe('RUNNING RUNNING');
    await cluster.finish(run, { reason: 'YIELD' });
    await cluster.tick(1_000);
    expect(await states()).toBe('PAUSED PAUSED');
  });

  it('that is STOPPED has no tasks', async () => {
    await cluster.tick(1_000);
    await cluster.drainAll();
    await cluster.state.connectors.setTargetState('c', 'STOPPED', cluster.clock.now());
    await cluster.tick(1_000);
    await cluster.tick(1_000);
    expect(await states()).toBe('STOPPED');
  });

  it('is FAILED when it cannot be planned, and its tasks go on if it once could', async () => {
    await cluster.tick(1_000);
    await cluster.drainAll();
    await cluster.tick(59_000);
    cluster.plan = () => ({ ok: false, retriable: false, trace: 'no such schema' });
    await cluster.tick(1_000);
    await cluster.drainAll();
    await cluster.tick(1_000);
    expect(await states()).toBe('FAILED RUNNING');
    expect((await cluster.status()).trace).toBe('no such schema');
  });

  it('does not say RUNNING of a run that is past its deadline, though nobody has declared it dead', async () => {
    await cluster.tick(1_000);
    await cluster.start(await granted(), 900_000);
    await cluster.clock.advance(920_000);
    expect(await states()).toBe('RUNNING RUNNING');
    await cluster.clock.advance(20_000);
    expect(await states()).toBe('RUNNING UNASSIGNED');
  });

  it('does not say RUNNING of tasks whose schedule nobody keeps', async () => {
    await cluster.tick(1_000);
    await cluster.drainAll();
    await cluster.tick(0);
    await cluster.clock.advance(300_000);
    expect(await states()).toBe('RUNNING RUNNING');
    await cluster.clock.advance(120_000);
    expect(await states()).toBe('RUNNING UNASSIGNED');
  });
});
