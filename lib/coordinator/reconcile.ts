import { isLive } from '../storage/items/runs.ts';
import { foldRun } from './fold.ts';
import { grantRuns } from './grants.ts';
import { observe } from './liveness.ts';
import { type CoordinatorDeps, Pass } from './pass.ts';
import { plan } from './plan.ts';
import { cadence, nextDue } from './schedule.ts';
import { settle } from './target-state.ts';

/**
 * Brings one connector a step closer to what is wanted. Level-triggered, idempotent, and safe to cut after any
 * write or to run twice at once: every write is conditional on what it was decided on.
 */
export async function reconcile(name: string, deps: CoordinatorDeps): Promise<void> {
  const token = deps.random.token();
  if (!(await deps.state.connectors.lock(name, token, deps.clock.now(), deps.timing.lockMs))) return;
  try {
    const connector = await deps.state.connectors.get(name);
    if (connector === undefined) return;
    await reconcileLocked(new Pass(deps, connector, await deps.state.snapshot(name)));
  } finally {
    await deps.state.connectors.unlock(name, token);
  }
}

async function reconcileLocked(pass: Pass): Promise<void> {
  await declareDeadRuns(pass);
  await foldFinishedRuns(pass);
  if (pass.connector.targetState === 'RUNNING') {
    if (!(await keepRunning(pass))) return;
  } else {
    await settle(pass);
    if (pass.connector.targetState === 'DELETING') return;
  }
  await pass.save({ ...pass.change, lastTick: pass.now });
}

async function declareDeadRuns(pass: Pass): Promise<void> {
  const { seen: before, lastTick } = pass.connector;
  const { seen, dead } = observe(pass.runs, before, { now: pass.now, lastTick }, pass.deps.timing);
  for (const { run, outcome } of dead) await pass.declareDead(run, outcome);
  pass.change = { ...pass.change, seen };
}

async function foldFinishedRuns(pass: Pass): Promise<void> {
  const { state, timing } = pass.deps;
  const finished = pass.runs.filter((run) => !isLive(run) && !run.folded).sort((a, b) => a.epoch - b.epoch);
  for (const run of finished) {
    const task = pass.currentTasks.find((t) => t.task === run.task);
    if (task !== undefined && task.generation === run.generation && task.folded < run.epoch) {
      const folded = foldRun(task, run, pass.now, timing);
      if (await state.tasks.fold(task, folded)) {
        const { epoch, trace, ...rest } = folded;
        pass.replaceTask(run.task, { ...rest, folded: epoch, ...(trace === null ? {} : { trace }) });
        if (run.phase !== 'DONE')
          pass.log.warn('run failed', { task: run.task, epoch: run.epoch, error: trace });
      }
    }
    await state.runs.markFolded(run, pass.now);
    pass.replaceRun(run.epoch, { folded: true });
  }
}

/** False: another coordinator changed the connector meanwhile, and this pass must write nothing more. */
async function keepRunning(pass: Pass): Promise<boolean> {
  const { mode, everyMs } = cadence(pass.connector.config, pass.deps.cadence);
  const due = pass.connector.nextDueAt <= pass.now;
  const planned = await plan(pass, due);
  if (planned === 'lost') return false;
  if (planned === 'wait') return true;
  if (
    pass.connector.state !== 'RUNNING' &&
    pass.change.state === undefined &&
    pass.connector.state !== 'FAILED'
  ) {
    pass.change = { ...pass.change, state: 'RUNNING' };
  }
  await grantRuns(pass, mode, due);
  if (due) pass.change = { ...pass.change, nextDueAt: nextDue(pass.connector.nextDueAt, pass.now, everyMs) };
  return true;
}
