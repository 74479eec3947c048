import { isLive, type RunItem } from '../storage/items/runs.ts';
import { foldRun } from './fold.ts';
import { endOutage, mostFailures } from './half-open.ts';
import type { Pass } from './pass.ts';
import { learnedRate } from './scaling.ts';
import { cadence } from './schedule.ts';

/** Takes the outcome of every run that has ended into its task, once (Invariant 10). */
export async function foldFinishedRuns(pass: Pass): Promise<void> {
  const { state, timing } = pass.deps;
  const finished = pass.runs.filter((run) => !isLive(run) && !run.folded).sort((a, b) => a.epoch - b.epoch);
  const context = { now: pass.now, timing, failures: mostFailures(pass) };
  const { mode } = cadence(pass.connector.config, pass.deps.cadence);
  const { scale } = pass.connector;
  let { rate } = scale;
  let recovered = false;
  for (const run of finished) {
    const task = pass.currentTasks.find((t) => t.task === run.task && t.generation === run.generation);
    if (task !== undefined && task.folded < run.epoch) {
      const folded = foldRun(task, run, context);
      // Not applied: another coordinator has folded it, or the task was restarted just now. The next tick knows.
      if (!(await state.tasks.fold(task, folded))) continue;
      const { epoch, trace, ...rest } = folded;
      const { trace: _, ...kept } = task;
      const now = { ...kept, ...rest, folded: epoch, ...(trace === null ? {} : { trace }) };
      pass.tasks = pass.tasks.map((t) => (t.task === run.task ? now : t));
      recovered ||= run.phase === 'DONE' && task.attempts > 0;
      tell(pass, run, trace);
    }
    if (run.phase !== 'DEAD' || run.outcome?.reason !== 'CANCELLED')
      pass.spending.countBilled(run.endedAt - run.invokedAt);
    rate = learnedRate(rate, run, mode);
    await state.runs.markFolded(run, pass.now);
    pass.replaceRun(run.epoch, { folded: true });
  }
  if (pass.connector.type === 'sink' && rate !== scale.rate)
    pass.change = { ...pass.change, scale: { ...scale, rate: Math.round(rate) } };
  await endOutage(pass, recovered);
}

function tell(pass: Pass, run: RunItem, error: string | null): void {
  if (run.phase !== 'DONE') pass.log.warn('run failed', { task: run.task, epoch: run.epoch, error });
}
