import { describe, expect, it } from 'vitest';
import type { SourcePlugin } from '../../../lib/api/connector.ts';
import { collectingSink, countingSource, rows } from './counting-plugins.ts';
import { dyingAt, WorkerUnderTest } from './worker-under-test.ts';

const expected = ['a', 'b'].flatMap((part) => Array.from({ length: rows }, (_, n) => `${part}${n}`)).sort();
/** More calls than any run of these tests makes. */
const never = 1_000;

const thaw = (cluster: WorkerUnderTest, ms: number | undefined) =>
  ms === undefined ? {} : { thawed: () => cluster.clock.sleep(ms) };

async function source(
  dieAt: number,
  applied: boolean,
  thawAfterMs?: number,
): Promise<{ records: string[]; calls: number }> {
  const cluster = new WorkerUnderTest([countingSource]);
  await cluster.create('numbers', 'test.CountingSource', { 'tasks.max': '2' });
  let calls = 0;
  cluster.mortality = dyingAt(dieAt, applied, {
    onCall: (count) => (calls = count),
    ...thaw(cluster, thawAfterMs),
  });
  await cluster.minutes(9);
  return { records: cluster.records('numbers'), calls };
}

async function sink(
  dieAt: number,
  applied: boolean,
  thawAfterMs?: number,
): Promise<{ records: string[]; calls: number }> {
  const store: string[] = [];
  const cluster = new WorkerUnderTest([collectingSink(store)]);
  cluster.kafka.createTopic({ topic: 'numbers', partitions: 1 });
  cluster.produce('numbers', expected.slice(0, 30));
  await cluster.create('collect', 'test.CollectingSink', { topics: 'numbers' });
  let calls = 0;
  cluster.mortality = dyingAt(dieAt, applied, {
    onCall: (count) => (calls = count),
    ...thaw(cluster, thawAfterMs),
  });
  await cluster.minutes(1);
  cluster.produce('numbers', expected.slice(30));
  await cluster.minutes(8);
  return { records: store, calls };
}

/** A kill at any instant loses nothing, and the next run goes on where the last commit ended (Invariant 6). */
describe.each([
  ['source', source],
  ['sink', sink],
] as const)('a %s whose process is killed', (_, run) => {
  it('moves everything once when it is not', async () => {
    expect((await run(never, false)).records.sort()).toEqual(expected);
  });

  it.each([
    ['before the call takes effect', false],
    ['after it took effect, before the answer', true],
  ])('loses nothing, whichever call it is killed at: %s', async (_when, applied) => {
    const { calls } = await run(never, applied);
    expect(calls).toBeGreaterThan(10);
    for (let n = 1; n <= calls; n++) {
      const { records } = await run(n, applied);
      expect({ killedAt: n, records: [...new Set(records)].sort() }).toEqual({
        killedAt: n,
        records: expected,
      });
    }
  });
});

describe.each([
  ['source', source],
  ['sink', sink],
] as const)('a %s whose process is frozen past its lease and thawed', (_, run) => {
  it('loses nothing, whichever call it is frozen at, and its late commits do not count', async () => {
    const { calls } = await run(never, false);
    for (let n = 1; n <= calls; n++) {
      const { records } = await run(n, false, 3 * 60_000);
      expect({ frozenAt: n, records: [...new Set(records)].sort() }).toEqual({
        frozenAt: n,
        records: expected,
      });
    }
  });
});

describe('a continuous source', () => {
  it('is handed over before each deadline, without a loss and without a repetition', async () => {
    let emitted = 0;
    const partition = { p: 'a' };
    const ticking: SourcePlugin = {
      ...countingSource,
      connector: async () => ({ taskConfigs: () => [{}] }),
      task: async () => {
        let next = 0;
        return {
          start: async (_config, { offsets }) =>
            void (next = Number((await offsets.get(partition))?.['next'] ?? 0)),
          poll: async ({ clock, signal }) => {
            await clock.sleep(1_000, signal);
            emitted = Math.max(emitted, next + 1);
            return [
              {
                sourcePartition: partition,
                sourceOffset: { next: next + 1 },
                topic: 'numbers',
                kafkaPartition: 0,
                value: String(next++),
              },
            ];
          },
        };
      },
    };
    const cluster = new WorkerUnderTest([ticking], { mode: 'continuous', rediscoveryMs: 300_000 });
    await cluster.create('ticking', ticking.class);
    await cluster.minutes(40);
    const { runs } = await cluster.state.snapshot('ticking');
    expect(runs.filter(({ phase }) => phase === 'DONE').length).toBeGreaterThanOrEqual(2);
    expect(runs.map(({ phase }) => phase)).not.toContain('DEAD');
    const records = cluster.records('numbers').map(Number);
    expect(records).toEqual(records.map((_n, i) => i));
    expect(records.length).toBeGreaterThan(2_000);
  });
});
