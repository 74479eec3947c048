import { beforeEach, describe, expect, it } from 'vitest';
import { isLive } from '../../../lib/storage/items/runs.ts';
import { budgetLimits, Spending } from '../../../lib/coordinator/budget.ts';
import { unusedBudget } from '../../../lib/storage/items/connector-item.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

describe('the budget of a connector', () => {
  let cluster: ClusterUnderTest;
  beforeEach(async () => {
    cluster = new ClusterUnderTest();
    await cluster.create({ 'lambda.budget.runs.per.hour': '6' });
  });
  const drain = async () => {
    await cluster.tick(1_000);
    await cluster.drainAll();
    await cluster.tick(59_000);
  };
  const useUp = async () => {
    for (let minute = 0; minute < 3; minute++) await drain();
    expect(cluster.invoked).toHaveLength(6);
    await cluster.tick();
  };

  it('used up opens the circuit: nothing is granted, and the status says why and until when', async () => {
    await useUp();
    expect(cluster.invoked).toHaveLength(6);
    const status = await cluster.status();
    expect(status.state).toBe('PAUSED');
    expect(status.trace).toMatch(/^BUDGET: 6 runs within the hour.*lambda\.budget\.runs\.per\.hour is 6/);
    expect(status.trace).toContain('2026-01-01T01:00:00.000Z');
    expect(status.tasks.map((task) => task.state)).toEqual(['PAUSED', 'PAUSED']);
  });

  it('is there again when the hour is over', async () => {
    await useUp();
    await cluster.clock.advance(3_600_000);
    await cluster.tick(1_000);
    expect(cluster.invoked).toHaveLength(8);
    const status = await cluster.status();
    expect(status.state).toBe('RUNNING');
    expect(status.trace).toBeUndefined();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a restart', () => cluster.state.connectors.restart('c', cluster.clock.now())],
    ['a restart of a task', () => cluster.state.connectors.wake('c')],
    ['a resume', () => cluster.state.connectors.setTargetState('c', 'RUNNING', cluster.clock.now())],
    [
      'a change of the config',
      () =>
        cluster.state.connectors.reconfigure(
          'c',
          { 'tasks.max': '2' },
          { functionName: 'f', version: '1' },
          cluster.clock.now(),
        ),
    ],
  ])('is there again at once after %s', async (_, change) => {
    await useUp();
    await change();
    await cluster.tick(1_000);
    expect(cluster.invoked).toHaveLength(8);
    expect(await cluster.status()).toMatchObject({ state: 'RUNNING' });
    expect((await cluster.status()).trace).toBeUndefined();
  });

  it('has live runs end in order, not killed', async () => {
    await drain();
    await drain();
    await cluster.tick(1_000);
    const live = (await cluster.runs()).filter(isLive);
    for (const run of live) await cluster.start(run);
    await cluster.tick(1_000);
    expect((await cluster.runs()).filter(isLive).map((run) => [run.phase, run.control])).toEqual([
      ['RUNNING', 'YIELD'],
      ['RUNNING', 'YIELD'],
    ]);
  });

  it('counts run time as Lambda bills it', async () => {
    const billed = new ClusterUnderTest();
    await billed.create({ 'lambda.budget.ms.per.day': '100000' });
    await billed.tick(0);
    for (const run of await billed.runs()) await billed.start(run);
    await billed.clock.advance(55_000);
    for (const run of await billed.runs()) await billed.finish(run);
    await billed.clock.advance(10_000);
    await billed.tick(0);
    expect((await billed.status()).trace).toMatch(/^BUDGET: 110 s of run time within the day/);
    expect((await billed.state.connectors.get('c'))?.budget.until).toBe(Date.UTC(2026, 0, 2));
  });

  it('of a connector without limits of its own is far from what a healthy schedule needs', () => {
    const hour = 3_600_000;
    for (const everyMs of [10_000, 60_000, 900_000, hour]) {
      for (const tasks of [1, 8]) {
        const { runsPerHour } = budgetLimits({}, tasks, everyMs);
        expect(runsPerHour).toBeGreaterThan(2 * tasks * Math.min(60, hour / everyMs));
      }
    }
    expect(budgetLimits({}, 3, 60_000).msPerDay).toBeGreaterThan(3 * 86_400_000);
  });

  it('opened by a clock that had jumped is closed', () => {
    const now = Date.UTC(2026, 0, 1);
    expect(new Spending({ ...unusedBudget, until: now + 3 * 86_400_000 }, now).isOpen).toBe(false);
    expect(new Spending({ ...unusedBudget, until: now + 3_600_000 }, now).isOpen).toBe(true);
  });
});
