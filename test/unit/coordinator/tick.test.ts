import { beforeEach, describe, expect, it } from 'vitest';
import { isLive } from '../../../lib/storage/items/runs.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

describe('tick', () => {
  let cluster: ClusterUnderTest;
  beforeEach(async () => {
    cluster = new ClusterUnderTest();
    await cluster.create();
  });

  it('plans a new connector and grants one run a task', async () => {
    await cluster.tick();
    expect((await cluster.tasks()).map((task) => task.config)).toEqual([{ part: 'a' }, { part: 'b' }]);
    expect(cluster.invoked.map(({ task }) => task)).toEqual([0, 1]);
    expect(new Set(cluster.invoked.map(({ epoch }) => epoch)).size).toBe(2);
    expect((await cluster.state.connectors.get('c'))?.state).toBe('RUNNING');
  });

  it('drains on schedule: once a minute, not while a drain is at work', async () => {
    await cluster.tick(1_000);
    const [first] = await cluster.runs();
    if (first) await cluster.start(first);
    await cluster.tick(59_000);
    expect(cluster.invoked).toHaveLength(2);
    await cluster.drainAll();
    if (first) await cluster.finish(first);
    await cluster.tick();
    expect(cluster.invoked).toHaveLength(4);
  });

  it('makes one catch-up of ten missed ticks', async () => {
    await cluster.tick();
    await cluster.drainAll();
    await cluster.clock.advance(600_000);
    await cluster.tick(1_000);
    await cluster.drainAll();
    await cluster.tick(1_000);
    expect(cluster.invoked).toHaveLength(4);
  });

  it('writes only its own bookkeeping when nothing has changed (Invariant 10)', async () => {
    await cluster.tick(1_000);
    await cluster.drainAll();
    await cluster.tick(1_000);
    const before = { ...cluster.counts, plans: cluster.plans };
    const items = await cluster.state.snapshot('c');
    await cluster.tick(1_000);
    // It rests until the next drain is due.
    expect(cluster.counts.writes - before.writes).toBe(0);
    expect(cluster.plans).toBe(before.plans);
    expect(await cluster.state.snapshot('c')).toEqual(items);
  });

  it('counts what finished runs moved, once', async () => {
    await cluster.tick();
    await cluster.drainAll();
    await cluster.tick(1_000);
    await cluster.tick(1_000);
    expect((await cluster.tasks()).map((task) => task.stats)).toEqual([
      { records: 5, bytes: 50, runs: 1, outOfRange: 0 },
      { records: 5, bytes: 50, runs: 1, outOfRange: 0 },
    ]);
  });

  it('invokes a run nobody claimed again with the same epoch, three times in all, then backs off', async () => {
    await cluster.tick(30_000);
    await cluster.tick(30_000);
    await cluster.tick(30_000);
    const epochs = cluster.invoked.filter(({ task }) => task === 0).map(({ epoch }) => epoch);
    expect(epochs).toHaveLength(3);
    expect(new Set(epochs).size).toBe(1);
    await cluster.tick(1_000);
    await cluster.tick(1_000);
    expect((await cluster.runs()).filter(isLive)).toEqual([]);
    const [task] = await cluster.tasks();
    expect(task).toMatchObject({
      attempts: 1,
      trace: expect.stringContaining('did not start the run after 3 invocations'),
    });
  });

  it('declares a run without heartbeats dead after the lease, and grants the task again', async () => {
    await cluster.tick();
    for (const run of await cluster.runs()) await cluster.start(run);
    await cluster.tick();
    await cluster.tick();
    expect((await cluster.runs()).filter(isLive)).toHaveLength(2);
    await cluster.tick();
    const runs = await cluster.runs();
    expect(runs.filter((run) => run.phase === 'DEAD')).toHaveLength(2);
    expect(runs.filter((run) => run.phase === 'GRANTED')).toHaveLength(2);
  });

  it('never declares a run dead that gives signs of life', async () => {
    await cluster.tick();
    for (const run of await cluster.runs()) await cluster.start(run);
    for (let minute = 0; minute < 10; minute++) {
      for (const run of await cluster.runs()) await cluster.state.runs.heartbeat('c', run.epoch, run.stats);
      await cluster.tick();
    }
    expect((await cluster.runs()).map((run) => run.phase)).toEqual(['RUNNING', 'RUNNING']);
  });

  it('backs off after a retriable failure: one minute, two, four', async () => {
    const waits: number[] = [];
    for (let failure = 0; failure < 3; failure++) {
      await cluster.tick(1_000);
      await cluster.drainAll({ reason: 'ERROR', retriable: true, error: 'target down' });
      await cluster.tick(1_000);
      const last = Math.max(...(await cluster.tasks()).map((task) => task.notBefore));
      waits.push(Math.round((last - cluster.clock.now()) / 1_000));
      await cluster.clock.advance(last - cluster.clock.now());
    }
    expect(waits).toEqual([59, 119, 239]);
  });

  it('leaves a task that failed for good alone until the config changes', async () => {
    await cluster.tick();
    await cluster.drainAll({ reason: 'ERROR', retriable: false, error: 'no such column' });
    await cluster.tick();
    await cluster.tick();
    expect(cluster.invoked).toHaveLength(2);
    expect((await cluster.tasks()).map(({ state, trace }) => ({ state, trace }))).toEqual([
      { state: 'FAILED', trace: 'no such column' },
      { state: 'FAILED', trace: 'no such column' },
    ]);
    await cluster.state.connectors.reconfigure(
      'c',
      { 'tasks.max': '2', fixed: 'yes' },
      { functionName: 'f', version: '1' },
      cluster.clock.now(),
    );
    cluster.plan = () => ({
      ok: true,
      type: 'source',
      tasks: [
        { part: 'a', fixed: 'yes' },
        { part: 'b', fixed: 'yes' },
      ],
    });
    await cluster.tick();
    expect(cluster.invoked).toHaveLength(4);
  });

  it('restarts failed tasks on a config change even when the split stays the same', async () => {
    await cluster.tick();
    await cluster.drainAll({ reason: 'ERROR', retriable: false, error: 'bad transform' });
    await cluster.tick();
    await cluster.state.connectors.reconfigure(
      'c',
      { 'tasks.max': '2', transforms: '' },
      { functionName: 'f', version: '1' },
      cluster.clock.now(),
    );
    await cluster.tick();
    expect(cluster.invoked).toHaveLength(4);
  });

  it('invokes again when the invocation itself failed', async () => {
    cluster.invoke = () => {
      throw new Error('throttled');
    };
    await cluster.tick(30_000);
    cluster.invoke = () => undefined;
    await cluster.tick();
    expect(cluster.invoked.map(({ task }) => task)).toEqual([0, 1, 0, 1]);
  });
});

describe('a changed split', () => {
  it('waits until no run of the old generation is live, then writes the new tasks and grants them', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.tick();
    const old = await cluster.runs();
    for (const run of old) await cluster.start(run);
    const before = (await cluster.tasks())[0]?.generation ?? 0;
    cluster.plan = () => ({ ok: true, type: 'source', tasks: [{ part: 'a' }, { part: 'b' }, { part: 'c' }] });
    await cluster.tick(1_000);
    expect((await cluster.runs()).map((run) => run.control)).toEqual(['YIELD', 'YIELD']);
    expect(await cluster.tasks()).toHaveLength(2);
    for (const run of old) await cluster.finish(run, { reason: 'YIELD' });
    await cluster.tick(1_000);
    const tasks = await cluster.tasks();
    expect(tasks).toHaveLength(3);
    expect(tasks.every((task) => task.generation > before)).toBe(true);
    expect((await cluster.runs()).filter(isLive).map((run) => run.task)).toEqual([0, 1, 2]);
  });

  it('keeps the owner epoch of a task over generations, so that a zombie of the old one cannot claim it', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.tick();
    const [zombie] = await cluster.runs();
    await cluster.drainAll();
    cluster.plan = () => ({ ok: true, type: 'source', tasks: [{ part: 'x' }] });
    await cluster.tick();
    expect(
      await cluster.state.tasks.claim('c', 0, {
        epoch: zombie?.epoch ?? 0,
        generation: zombie?.generation ?? 0,
        token: 'z',
      }),
    ).toBe(false);
    const [task] = await cluster.tasks();
    expect(
      await cluster.state.tasks.claim('c', 0, {
        epoch: zombie?.epoch ?? 0,
        generation: task?.generation ?? 0,
        token: 'z2',
      }),
    ).toBe(false);
  });

  it('keeps old tasks going when a look for new tables fails', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.tick();
    await cluster.drainAll();
    cluster.plan = () => ({ ok: false, retriable: true, trace: 'database down' });
    await cluster.tick();
    expect(cluster.invoked).toHaveLength(4);
    expect((await cluster.state.connectors.get('c'))?.trace).toBe('database down');
  });

  it('fails a connector whose first plan fails for good, until its config changes', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    cluster.plan = () => ({ ok: false, retriable: false, trace: 'no such table' });
    await cluster.tick();
    await cluster.tick();
    expect(cluster.plans).toBe(1);
    expect(await cluster.state.connectors.get('c')).toMatchObject({
      state: 'FAILED',
      trace: 'no such table',
    });
    cluster.plan = () => ({ ok: true, type: 'source', tasks: [{ part: 'a' }] });
    await cluster.state.connectors.reconfigure(
      'c',
      { fixed: 'yes' },
      { functionName: 'f', version: '1' },
      cluster.clock.now(),
    );
    await cluster.tick();
    const connector = await cluster.state.connectors.get('c');
    expect(connector?.state).toBe('RUNNING');
    expect(connector?.trace).toBeUndefined();
  });

  it('lets two coordinators with different snapshots race without ever sharing a generation', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    const { reconcile } = await import('../../../lib/coordinator/reconcile.ts');
    const lockless = { ...cluster.deps, timing: { ...cluster.deps.timing, lockMs: -1 } };
    await Promise.all([reconcile('c', lockless), reconcile('c', lockless)]);
    await cluster.tick();
    const connector = await cluster.state.connectors.get('c');
    const tasks = await cluster.tasks();
    expect(tasks.map((task) => task.generation)).toEqual([connector?.generation, connector?.generation]);
  });
});

describe('a sink', () => {
  it('gets every partition dealt to exactly one task', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create({}, 'sink');
    const partitions = [0, 1, 2].flatMap((partition) => [
      { topic: 'a', partition },
      { topic: 'b', partition },
    ]);
    cluster.plan = () => ({ ok: true, type: 'sink', config: {}, partitions });
    await cluster.tick();
    const dealt = (await cluster.tasks()).flatMap((task) =>
      Object.entries(task.assignment ?? {}).flatMap(([topic, ps]) => ps.map((p) => `${topic}-${p}`)),
    );
    expect(dealt.sort()).toEqual(['a-0', 'a-1', 'a-2', 'b-0', 'b-1', 'b-2']);
  });
});

describe('continuous mode', () => {
  it('grants a successor that waits for its predecessor before the deadline', async () => {
    const cluster = new ClusterUnderTest({ mode: 'continuous', rediscoveryMs: 300_000 });
    cluster.plan = () => ({ ok: true, type: 'source', tasks: [{}] });
    await cluster.create();
    await cluster.tick();
    const [run] = await cluster.runs();
    if (run === undefined) throw new Error('nothing granted');
    await cluster.start(run);
    for (let minute = 0; minute < 14; minute++) {
      await cluster.state.runs.heartbeat('c', run.epoch, run.stats);
      await cluster.tick();
    }
    const runs = await cluster.runs();
    expect(runs).toHaveLength(2);
    expect(runs[1]).toMatchObject({ phase: 'GRANTED', waitsFor: run.epoch });
  });
});

describe('target states', () => {
  it.each([
    ['PAUSED', ['PAUSED', 'PAUSED'], 'PAUSED'],
    ['STOPPED', [], 'STOPPED'],
  ] as const)('%s: runs yield, then tasks are %j', async (target, states, state) => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.tick();
    const [first, second] = await cluster.runs();
    if (first === undefined || second === undefined) throw new Error('nothing granted');
    await cluster.start(first);
    await cluster.state.connectors.setTargetState('c', target, cluster.clock.now());
    await cluster.tick(1_000);
    const runs = await cluster.runs();
    expect(runs.map((run) => [run.phase, run.control])).toEqual([
      ['RUNNING', 'YIELD'],
      ['DEAD', 'NONE'],
    ]);
    await cluster.finish(first, { reason: 'YIELD' });
    await cluster.tick(1_000);
    await cluster.tick(1_000);
    expect((await cluster.tasks()).map((task) => task.state)).toEqual(states);
    expect((await cluster.state.connectors.get('c'))?.state).toBe(state);
    await cluster.state.connectors.setTargetState('c', 'RUNNING', cluster.clock.now());
    await cluster.tick(1_000);
    expect((await cluster.runs()).filter((run) => run.phase === 'GRANTED')).toHaveLength(2);
    expect((await cluster.state.connectors.get('c'))?.state).toBe('RUNNING');
  });

  it('DELETING: removes everything but the offsets and a stub that keeps the epoch', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.tick();
    await cluster.state.offsets.claim('c', { table: 't' }, 2);
    const before = (await cluster.state.connectors.get('c'))?.epoch ?? 0;
    await cluster.state.connectors.setTargetState('c', 'DELETING', cluster.clock.now());
    await cluster.tick();
    await cluster.tick();
    expect(await cluster.state.connectors.get('c')).toBeUndefined();
    expect(await cluster.state.snapshot('c')).toEqual({ tasks: [], runs: [] });
    expect(await cluster.state.offsets.list('c')).toHaveLength(1);
    await cluster.create();
    expect((await cluster.state.connectors.get('c'))?.epoch).toBeGreaterThan(before);
  });
});
