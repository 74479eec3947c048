import { describe, expect, it } from 'vitest';
import { offsetsAt } from '../../../lib/coordinator/offsets-at.ts';
import { countingTable } from '../../../lib/local/counting-table.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { type OffsetPage, pageOf } from '../../../lib/storage/items/offset-page.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';

const second = 1_000;
const minute = 60 * second;
const begin = Date.UTC(2026, 0, 1);
const id = pageOf('t', 0);

/** Tasks with a partition each of one page; each commits the seconds that have passed, in its own rhythm. */
async function commitFor(ms: number, everyMs: readonly number[]) {
  const { table, counts } = countingTable(memoryTable());
  const state = clusterState(table);
  const seen: OffsetPage[] = [];
  for (const task of everyMs.keys()) seen.push(await state.offsetPages.claim('c', id, [task], task + 1));
  let commits = 0;
  for (let now = second; now <= ms; now += second) {
    for (const [task, every] of everyMs.entries()) {
      const page = seen[task];
      if (page === undefined || now % every !== 0) continue;
      const change = new Map([[task, BigInt(now / second)]]);
      const at = { epoch: task + 1, now: begin + now };
      seen[task] = await state.offsetPages.commit('c', page, change, at);
      commits++;
    }
  }
  /** What a rewind would make of the partition of each task; undefined: leave it as it is. */
  const positionsAt = async (time: number): Promise<(number | null)[]> => {
    const stored = await state.offsetPages.list('c');
    const kept = await state.offsetHistory.list('c');
    const changes = offsetsAt(begin + time, { stored, kept, now: begin + ms });
    const offsets = new Map(stored.map(({ partition, offset }) => [partition['kafka_partition'], offset]));
    for (const { partition, offset } of changes) offsets.set(partition['kafka_partition'], offset);
    return [...offsets.values()].map((offset) => (offset === null ? null : Number(offset['kafka_offset'])));
  };
  return { positionsAt, historyWrites: counts.writes - commits - everyMs.length };
}

describe('the history of a page', () => {
  it('takes one write in ten minutes, however many partitions there are and however often they commit', async () => {
    const { historyWrites } = await commitFor(60 * minute, [10 * second]);
    // One for the first position, and then one each ten minutes.
    expect(historyWrites).toBe(7);
  });

  it.each([
    ['one task', [10 * second]],
    ['tasks with the same rhythm', [10 * second, 10 * second]],
    ['tasks that commit often and seldom', [10 * second, 7 * minute, 25 * minute]],
    ['many tasks that commit seldom', [10 * second, ...Array.from({ length: 20 }, () => 27 * minute)]],
  ])('tells where each partition was, or up to ten minutes before, never later: %s', async (_, everyMs) => {
    const { positionsAt } = await commitFor(90 * minute, everyMs);
    for (const time of [1, 9, 17, 31, 44, 58, 75, 89].map((m) => m * minute + 5 * second)) {
      const found = await positionsAt(time);
      for (const [task, every] of everyMs.entries()) {
        const last = (ms: number): number => (Math.floor(ms / every) * every) / second;
        expect(found[task] ?? 0).toBeLessThanOrEqual(last(time));
        expect(found[task] ?? 0).toBeGreaterThanOrEqual(last(Math.max(0, time - 10 * minute)));
      }
    }
  });
});
