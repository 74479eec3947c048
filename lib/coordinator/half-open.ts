import type { TaskItem } from '../storage/items/task-item.ts';
import type { Pass } from './pass.ts';

/** Tasks whose last run failed for what may be over by now; those that are FAILED wait for somebody instead. */
const failing = (pass: Pass): TaskItem[] =>
  pass.currentTasks.filter((task) => task.attempts > 0 && task.state !== 'FAILED');

export const mostFailures = (pass: Pass): number =>
  failing(pass).reduce((most, task) => Math.max(most, task.attempts), 0);

/**
 * Whether a task with due work may have a run. While tasks of a connector back off, one of them is tried, the one that
 * has waited longest, and the others wait for what becomes of it: a system that is down for hours is asked once in a
 * quarter of an hour, however many tasks there are (coordination.md §7, row 12). A wait far beyond the longest was
 * reckoned by a clock that had jumped.
 */
export function mayTry(pass: Pass, task: TaskItem): boolean {
  const { now, deps } = pass;
  const waits = ({ notBefore }: TaskItem): boolean =>
    notBefore > now && notBefore <= now + deps.timing.retryMaxMs;
  if (waits(task)) return false;
  if (task.attempts === 0) return true;
  const others = failing(pass).filter((other) => other.task !== task.task);
  return others.every(
    (other) =>
      !waits(other) &&
      pass.liveRunsOf(other).length === 0 &&
      (task.folded < other.folded || (task.folded === other.folded && task.task < other.task)),
  );
}

/**
 * A probe that ended well, or has been at work long enough that the outage must be over, ends the wait of the others.
 */
export async function endOutage(pass: Pass, recovered: boolean): Promise<void> {
  const { timing, state } = pass.deps;
  const probe = pass.liveRuns.find(
    (run) => run.probe && run.phase === 'RUNNING' && pass.now - run.grantedAt >= timing.probeMs,
  );
  if (!recovered && probe === undefined) return;
  for (const task of failing(pass)) {
    if (task.task === probe?.task || !(await state.tasks.endWait(task))) continue;
    const { trace: _, ...rest } = task;
    pass.tasks = pass.tasks.map((t) => (t.task === task.task ? { ...rest, attempts: 0, notBefore: 0 } : t));
    pass.log.info('the outage is over, the task is tried again', { task: task.task });
  }
}
