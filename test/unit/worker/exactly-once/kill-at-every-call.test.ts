import { describe, expect, it } from 'vitest';
import { countingSource, rows } from '../counting-plugins.ts';
import { dyingAt } from '../worker-under-test.ts';
import { ExactlyOnceCluster } from './exactly-once-cluster.ts';

const expected = ['a', 'b'].flatMap((part) => Array.from({ length: rows }, (_, n) => `${part}${n}`)).sort();
const never = 1_000;

interface Death {
  readonly at: number;
  readonly applied: boolean;
  readonly thawAfterMs?: number;
}

async function run(config: Record<string, string>, { at, applied, thawAfterMs }: Death) {
  const cluster = new ExactlyOnceCluster([countingSource]);
  await cluster.create('numbers', 'test.CountingSource', { 'tasks.max': '2', ...config });
  let calls = 0;
  cluster.mortality = dyingAt(at, applied, {
    onCall: (count) => (calls = count),
    ...(thawAfterMs === undefined ? {} : { thawed: () => cluster.clock.sleep(thawAfterMs) }),
  });
  await cluster.minutes(12);
  return { records: cluster.records('numbers').sort(), calls, cluster };
}

const boundaries: readonly (readonly [string, Record<string, string>])[] = [
  ['a transaction a poll', {}],
  [
    'a transaction a run',
    { 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '3600000' },
  ],
];

/** Nothing lost and nothing twice for readers of committed records, wherever a process dies (docs/exactly-once.md). */
describe.each(boundaries)('an exactly-once source with %s', (_boundary, config) => {
  it('delivers everything once when nothing happens', async () => {
    const { records, cluster } = await run(config, { at: never, applied: false });
    expect(records).toEqual(expected);
    expect(cluster.offsetRecords()).toEqual(
      expect.arrayContaining(['numbers{"part":"a"}={"next":20}', 'numbers{"part":"b"}={"next":20}']),
    );
  });

  it.each([
    ['before the call takes effect', { applied: false }],
    ['after it took effect, before the answer', { applied: true }],
  ] as const)('delivers everything once, whichever call its process is killed at: %s', async (_when, how) => {
    const { calls } = await run(config, { at: never, ...how });
    expect(calls).toBeGreaterThan(10);
    for (let at = 1; at <= calls; at++) {
      const { records } = await run(config, { at, ...how });
      expect({ at, records }).toEqual({ at, records: expected });
    }
  });

  it('delivers everything once, whichever call its process is frozen at past its lease and thawed', async () => {
    const { calls } = await run(config, { at: never, applied: false });
    for (const applied of [false, true]) {
      for (let at = 1; at <= calls; at++) {
        const { records } = await run(config, { at, applied, thawAfterMs: 3 * 60_000 });
        expect({ at, applied, records }).toEqual({ at, applied, records: expected });
      }
    }
  });
});
