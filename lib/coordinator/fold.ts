import type { FoldedRun, TaskItem } from '../storage/items/tasks.ts';
import type { RunItem } from '../storage/items/runs.ts';
import { backoff, type Timing } from './timing.ts';

/** What a finished run means for its task. Pure: the tick writes it (Invariant 10: once). */
export function foldRun(task: TaskItem, run: RunItem, now: number, timing: Timing): FoldedRun {
  const reason = run.outcome?.reason ?? 'UNRESPONSIVE';
  const stats = {
    records: task.stats.records + run.stats.records,
    bytes: task.stats.bytes + run.stats.bytes,
    runs: task.stats.runs + 1,
  };
  const base = { epoch: run.epoch, stats };
  if (reason === 'CANCELLED') {
    return {
      ...base,
      state: 'UNASSIGNED',
      trace: null,
      attempts: task.attempts,
      notBefore: task.notBefore,
      unfinished: task.unfinished,
    };
  }
  if (run.phase === 'DONE') {
    return {
      ...base,
      state: 'UNASSIGNED',
      trace: null,
      attempts: 0,
      notBefore: 0,
      unfinished: reason !== 'CAUGHT_UP',
    };
  }
  const trace = run.outcome?.error ?? 'The run ended without saying why';
  if (run.outcome !== undefined && !run.outcome.retriable) {
    // Stays so until a restart or a config change, as in Kafka Connect.
    return { ...base, state: 'FAILED', trace, attempts: task.attempts + 1, notBefore: 0, unfinished: true };
  }
  const attempts = task.attempts + 1;
  // The first death is followed at once: a killed process says nothing about the next one.
  const wait = reason === 'UNRESPONSIVE' && attempts === 1 ? 0 : backoff(attempts, timing);
  return { ...base, state: 'UNASSIGNED', trace, attempts, notBefore: now + wait, unfinished: true };
}
