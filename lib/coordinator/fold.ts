import type { RunItem } from '../storage/items/runs.ts';
import type { FoldedRun, TaskItem } from '../storage/items/task-item.ts';
import { afterDeath, afterSuccess } from './silent-deaths.ts';
import { backoff, type Timing } from './timing.ts';

export interface FoldContext {
  readonly now: number;
  readonly timing: Timing;
  /** Most retriable failures in a row of any task of the connector: a probe speaks for all of them. */
  readonly failures: number;
}

/** What a finished run means for its task. Pure: the tick writes it (Invariant 10: once). */
export function foldRun(task: TaskItem, run: RunItem, context: FoldContext): FoldedRun {
  const reason = run.outcome?.reason ?? 'UNRESPONSIVE';
  const { attempts, notBefore, deaths, batchDivisor, calmRuns } = task;
  const base = {
    epoch: run.epoch,
    stats: statsWith(task, run),
    worker: run.invocation?.logStream ?? task.worker,
  };
  const asBefore = { ...base, attempts, notBefore, deaths, batchDivisor, calmRuns, trace: null };
  if (run.epoch <= task.restart) {
    // Whatever it came to: the task has been restarted since.
    return { ...asBefore, attempts: 0, notBefore: 0, deaths: 0, state: 'RESTARTING', unfinished: true };
  }
  if (reason === 'CANCELLED') return { ...asBefore, state: 'UNASSIGNED', unfinished: task.unfinished };
  if (run.phase === 'DONE') {
    const well = { attempts: 0, notBefore: 0, ...afterSuccess(task) };
    return { ...base, ...well, state: 'UNASSIGNED', trace: null, unfinished: reason !== 'CAUGHT_UP' };
  }
  const failed = {
    ...asBefore,
    unfinished: true,
    trace: run.outcome?.error ?? 'The run ended without saying why',
  };
  if (reason === 'UNRESPONSIVE') {
    const { commits = 0 } = run.stats;
    return { ...failed, ...afterDeath(task, { trace: failed.trace, commits }, context) };
  }
  if (run.outcome !== undefined && !run.outcome.retriable) {
    // Stays so until a restart or a config change, as in Kafka Connect.
    return { ...failed, state: 'FAILED', attempts: attempts + 1, notBefore: 0 };
  }
  const failures = 1 + (run.probe ? Math.max(attempts, context.failures) : attempts);
  return {
    ...failed,
    state: 'UNASSIGNED',
    attempts: failures,
    notBefore: context.now + backoff(failures, context.timing),
  };
}

function statsWith({ stats }: TaskItem, run: RunItem): TaskItem['stats'] {
  return {
    records: stats.records + run.stats.records,
    bytes: stats.bytes + run.stats.bytes,
    runs: stats.runs + 1,
    outOfRange: stats.outOfRange + (run.stats.outOfRange ?? 0),
  };
}
