import { describe, expect, it } from 'vitest';
import { collectingSink, countingSource, rows } from './counting-plugins.ts';
import { dyingAt, WorkerUnderTest } from './worker-under-test.ts';

const expected = ['a', 'b'].flatMap((part) => Array.from({ length: rows }, (_, n) => `${part}${n}`)).sort();
/** More calls than any run of these tests makes. */
const never = 1_000;

async function source(dieAt: number, applied: boolean): Promise<{ records: string[]; calls: number }> {
  const cluster = new WorkerUnderTest([countingSource]);
  await cluster.create('numbers', 'test.CountingSource', { 'tasks.max': '2' });
  let calls = 0;
  cluster.mortality = dyingAt(dieAt, applied, (count) => (calls = count));
  await cluster.minutes(7);
  return { records: cluster.records('numbers'), calls };
}

async function sink(dieAt: number, applied: boolean): Promise<{ records: string[]; calls: number }> {
  const store: string[] = [];
  const cluster = new WorkerUnderTest([collectingSink(store)]);
  cluster.kafka.createTopic({ topic: 'numbers', partitions: 1 });
  cluster.produce('numbers', expected.slice(0, 30));
  await cluster.create('collect', 'test.CollectingSink', { topics: 'numbers' });
  let calls = 0;
  cluster.mortality = dyingAt(dieAt, applied, (count) => (calls = count));
  await cluster.minutes(1);
  cluster.produce('numbers', expected.slice(30));
  await cluster.minutes(6);
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
