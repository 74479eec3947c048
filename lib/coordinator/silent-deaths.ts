import type { FoldedRun, TaskItem } from '../storage/items/task-item.ts';
import { backoff, type Timing } from './timing.ts';

type Burden = Pick<FoldedRun, 'deaths' | 'batchDivisor' | 'calmRuns'>;

/** So many runs in a row that end without a word and without a commit make the task FAILED. */
const mostDeaths = 6;
const largestDivisor = 1024;
/** After so many runs that went well the batches grow again, to twice the size. */
const calmToGrow = 10;

/**
 * A run ended without a word: killed for memory or time, or its host is gone. The first death is followed at once, as
 * it says nothing about the next run. From the second on (the first, while batches are small) each run takes batches of half
 * the size and waits longer, and in the end the task is FAILED and says what to raise (coordination.md §7, row 6).
 * A run that had moved offsets on is never more than a first death: the next begins behind what it did, so that the
 * task gets on however often it is killed; what kills it at one place is met again there, without a commit.
 */
export function afterDeath(
  task: TaskItem,
  { trace, commits }: { readonly trace: string; readonly commits: number },
  { now, timing }: { readonly now: number; readonly timing: Timing },
): Burden & Pick<FoldedRun, 'state' | 'notBefore' | 'trace'> {
  const gotOn = commits > 0;
  const deaths = gotOn ? 1 : task.deaths + 1;
  const halves = !gotOn && (deaths > 1 || task.batchDivisor > 1);
  const batchDivisor = Math.min(task.batchDivisor * (halves ? 2 : 1), largestDivisor);
  const burden = { deaths, batchDivisor, calmRuns: 0 };
  if (deaths >= mostDeaths) {
    const failed = `${deaths} runs in a row ended without a word before they had committed anything, the last with batches of 1/${task.batchDivisor} of their size. ${trace} Raise the memory or the timeout of the connector's function (memorySize, timeout), or have it take smaller batches (consumer.override.max.poll.records and consumer.override.fetch.max.bytes of a sink, the batch size of a source); then restart the task.`;
    return { ...burden, state: 'FAILED', notBefore: 0, trace: failed };
  }
  const wait = deaths === 1 ? 0 : backoff(deaths - 1, timing);
  return { ...burden, state: 'UNASSIGNED', notBefore: now + wait, trace };
}

/** Batches that were made smaller grow again, slowly: what killed a run may still be there. */
export function afterSuccess({ batchDivisor, calmRuns }: TaskItem): Burden {
  if (batchDivisor === 1) return { deaths: 0, batchDivisor, calmRuns: 0 };
  const grows = calmRuns + 1 >= calmToGrow;
  return grows
    ? { deaths: 0, batchDivisor: batchDivisor / 2, calmRuns: 0 }
    : { deaths: 0, batchDivisor, calmRuns: calmRuns + 1 };
}
