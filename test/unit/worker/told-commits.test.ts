import { describe, expect, it } from 'vitest';
import type { CadencePolicy } from '../../../lib/coordinator/schedule.ts';
import { isLive } from '../../../lib/storage/items/runs.ts';
import { collectingSink } from './counting-plugins.ts';
import { ExactlyOnceCluster } from './exactly-once/exactly-once-cluster.ts';
import { growingSource } from './exactly-once/growing-source.ts';
import { dyingAt, type Mortality, WorkerUnderTest } from './worker-under-test.ts';

const continuous: CadencePolicy = { mode: 'continuous', rediscoveryMs: 300_000 };

/** A connector at work, and how it is given three records more. */
interface AtWork {
  readonly cluster: WorkerUnderTest;
  readonly grow: () => void;
}

async function source(exactlyOnce: boolean): Promise<AtWork> {
  const growing = { end: 0, pollMs: 500 };
  const plugins = [growingSource(growing)];
  const cluster = exactlyOnce
    ? new ExactlyOnceCluster(plugins, continuous)
    : new WorkerUnderTest(plugins, continuous);
  await cluster.create('c', 'test.Growing');
  return { cluster, grow: () => (growing.end += 3) };
}

async function sink(): Promise<AtWork> {
  const cluster = new WorkerUnderTest([collectingSink([])], continuous);
  cluster.kafka.createTopic({ topic: 'numbers', partitions: 1 });
  await cluster.create('c', 'test.CollectingSink', { topics: 'numbers' });
  return { cluster, grow: () => cluster.produce('numbers', ['a', 'b', 'c']) };
}

async function commitsTold({ cluster }: AtWork): Promise<number | undefined> {
  const live = (await cluster.state.snapshot('c')).runs.filter(isLive);
  expect(live).toHaveLength(1);
  return live[0]?.stats.commits;
}

/** Of a run that dies later the coordinator knows by it that the next begins behind what this one did. */
describe.each([
  ['a source', () => source(false)],
  ['an exactly-once source', () => source(true)],
  ['a sink', sink],
] as const)('a run of %s', (_, start) => {
  it('tells with its heartbeats how often it has moved offsets on', async () => {
    const atWork = await start();
    await atWork.cluster.minutes(2);
    expect(await commitsTold(atWork)).toBeUndefined();
    atWork.grow();
    await atWork.cluster.minutes(1);
    expect(await commitsTold(atWork)).toBe(1);
    await atWork.cluster.minutes(1);
    expect(await commitsTold(atWork)).toBe(1);
    atWork.grow();
    await atWork.cluster.minutes(1);
    expect(await commitsTold(atWork)).toBe(2);
  });
});

describe('a task whose every run is killed', () => {
  /** At its first call to the outside after a heartbeat has told of a commit. */
  const afterTold: Mortality = (world) => {
    const dying = dyingAt(1, false)(world);
    let isTold = false;
    const update: typeof world.table.update = async (...args) => {
      if (isTold) return dying.table.update(...args);
      const stats = args[1].set?.['stats'] as { commits?: number } | undefined;
      const answer = await world.table.update(...args);
      isTold = (stats?.commits ?? 0) > 0;
      return answer;
    };
    return { table: { ...world.table, update }, kafka: world.kafka };
  };

  it('does not fail while each gets on', async () => {
    const { cluster, grow } = await source(false);
    for (let death = 0; death < 10; death++) {
      cluster.mortality = afterTold;
      grow();
      await cluster.minutes(5);
      const [task] = await cluster.state.tasks.list('c');
      expect(task?.state).not.toBe('FAILED');
    }
    const [task] = await cluster.state.tasks.list('c');
    expect(task?.stats.runs).toBeGreaterThan(7);
    expect(new Set(cluster.records('numbers')).size).toBe(30);
  });
});
