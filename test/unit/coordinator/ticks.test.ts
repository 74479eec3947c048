import { describe, expect, it } from 'vitest';
import { startTimes, isInShard } from '../../../lib/coordinator/spread.ts';
import { tick } from '../../../lib/coordinator/tick.ts';
import { lambdaTiming } from '../../../lib/coordinator/timing.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `connector-${n}`);

async function clusterOf(count: number): Promise<ClusterUnderTest> {
  const cluster = new ClusterUnderTest();
  cluster.plan = () => ({ ok: true, type: 'source', tasks: [{}] });
  for (const name of names(count)) await cluster.create({}, 'source', name);
  return cluster;
}

describe('a sharded tick', () => {
  it('looks after its share alone, and the shares together are everything once', async () => {
    const cluster = await clusterOf(40);
    const seen: number[] = [];
    for (const shard of [0, 1, 2]) {
      const { connectors } = await tick(cluster.deps, undefined, { shard: { shard, of: 3 } });
      seen.push(connectors);
    }
    expect(seen.every((count) => count > 4)).toBe(true);
    expect(seen.reduce((a, b) => a + b)).toBe(40);
    expect(cluster.invoked.map(({ connector }) => connector).sort()).toEqual(names(40).sort());
  });

  it('gives a connector to the same shard always', () => {
    for (const name of names(50))
      expect([0, 1, 2, 3].filter((shard) => isInShard(name, { shard, of: 4 }))).toHaveLength(1);
  });
});

describe('the starts of a tick', () => {
  it('are at once for a few, and spread evenly for many', () => {
    expect(new Set(startTimes(names(50), lambdaTiming).values())).toEqual(new Set([0]));
    const many = [...startTimes(names(1_000), lambdaTiming).values()];
    expect(Math.max(...many)).toBeLessThan(lambdaTiming.longestSpreadMs);
    for (let quarter = 0; quarter < 4; quarter++) {
      const from = (quarter * 23_750) / 4;
      const inIt = many.filter((at) => at >= from && at < from + 23_750 / 4).length;
      expect(inIt).toBeGreaterThan(200);
      expect(inIt).toBeLessThan(300);
    }
  });
});

describe('a tick without time for all', () => {
  it('says how many it did not reach, and the next begins with them', async () => {
    const cluster = await clusterOf(40);
    cluster.beforePlan = () => cluster.clock.sleep(10_000);
    const first = tick(cluster.deps, undefined, { deadline: deadlineIn(20_000, cluster.clock) });
    await cluster.clock.advance(30_000);
    const result = await first;
    expect(result.notReached).toBe(40 - result.connectors);
    expect(result.notReached).toBeGreaterThan(0);
    const reached = new Set(cluster.invoked.map(({ connector }) => connector));
    expect(reached.size).toBe(result.connectors);
    cluster.beforePlan = async () => undefined;
    await cluster.clock.advance(30_000);
    await cluster.tick();
    expect(new Set(cluster.invoked.map(({ connector }) => connector)).size).toBe(40);
  });
});

describe('a connector', () => {
  it('that rests costs no write and no read of its own until it is due', async () => {
    const cluster = await clusterOf(1);
    await cluster.create({ 'lambda.schedule': 'rate(1 hour)' }, 'source', 'hourly');
    await cluster.tick(1_000);
    for (const run of (await cluster.state.snapshot('hourly')).runs) {
      await cluster.start(run);
      await cluster.finish(run);
    }
    await tick(cluster.deps, ['hourly']);
    const { restUntil } = (await cluster.state.connectors.get('hourly')) ?? { restUntil: 0 };
    expect(restUntil).toBeGreaterThan(cluster.clock.now());
    const before = { ...cluster.counts };
    const result = await tick(cluster.deps, undefined, { shard: { shard: 0, of: 1 } });
    expect(result.resting).toBe(1);
    expect(cluster.counts.queries - before.queries).toBe(2);
  });

  it('that rests is looked at as soon as somebody wants something of it', async () => {
    const cluster = await clusterOf(1);
    await cluster.state.connectors.setTargetState('connector-0', 'PAUSED', cluster.clock.now());
    await cluster.tick(1_000);
    expect((await tick(cluster.deps)).resting).toBe(1);
    await cluster.state.connectors.setTargetState('connector-0', 'RUNNING', cluster.clock.now());
    expect((await tick(cluster.deps)).connectors).toBe(1);
    expect(cluster.invoked).toHaveLength(1);
  });

  it('does not rest longer because a clock had jumped', async () => {
    const cluster = await clusterOf(1);
    await cluster.clock.advance(5 * 3_600_000);
    await cluster.state.connectors.setTargetState('connector-0', 'PAUSED', cluster.clock.now());
    await cluster.tick(1_000);
    await cluster.state.connectors.setTargetState('connector-0', 'RUNNING', cluster.clock.now());
    await cluster.tick(1_000);
    for (const run of (await cluster.state.snapshot('connector-0')).runs) {
      await cluster.start(run);
      await cluster.finish(run);
    }
    await cluster.tick(1_000);
    const earlier = { ...cluster.deps, clock: new ClusterUnderTest().clock };
    expect((await tick(earlier)).resting).toBe(0);
    expect(cluster.invoked).toHaveLength(2);
  });

  it('has only those of its runs read that are of interest, not a week of history', async () => {
    const cluster = await clusterOf(1);
    for (let minute = 0; minute < 20; minute++) {
      await cluster.tick(1_000);
      for (const run of (await cluster.state.snapshot('connector-0')).runs.filter(
        (r) => r.phase === 'GRANTED',
      )) {
        await cluster.start(run);
        await cluster.finish(run);
      }
      await cluster.tick(59_000);
    }
    const connector = await cluster.state.connectors.get('connector-0');
    expect((await cluster.state.snapshot('connector-0')).runs.length).toBeGreaterThan(15);
    expect((await cluster.state.snapshot('connector-0', connector?.runsFrom)).runs.length).toBeLessThan(2);
  });

  it('watches a run that owns its task although it is not among those of interest', async () => {
    const cluster = await clusterOf(1);
    cluster.name = 'connector-0';
    await cluster.tick(1_000);
    const [run] = await cluster.runs();
    if (run === undefined) throw new Error('nothing granted');
    await cluster.start(run);
    // As when the coordinator that granted it was frozen between drawing its epoch and storing it.
    const connector = await cluster.state.connectors.get('connector-0');
    if (connector === undefined) throw new Error('no connector');
    await cluster.state.connectors.save(connector, { runsFrom: run.epoch + 1 }, { token: 'past it' });
    for (let minute = 0; minute < 4; minute++) await cluster.tick();
    expect((await cluster.runs()).find(({ epoch }) => epoch === run.epoch)?.phase).toBe('DEAD');
  });
});
