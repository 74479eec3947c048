import type { RunItem } from '../storage/items/runs.ts';
import type { TaskItem } from '../storage/items/task-item.ts';
import { mayTry } from './half-open.ts';
import type { Pass } from './pass.ts';
import type { Mode } from './schedule.ts';

/** Grants a run to every task that has due work and none live; renews invocations; arranges handovers. */
export async function grantRuns(pass: Pass, mode: Mode, due: boolean): Promise<void> {
  for (const { task: number } of pass.currentTasks) {
    const task = pass.currentTasks.find((t) => t.task === number);
    if (task === undefined) continue;
    const live = pass.liveRunsOf(task);
    const latest = live.at(-1);
    if (latest === undefined) {
      if (hasWork(task, mode, due) && mayTry(pass, task)) await grant(pass, task, 0);
    } else if (latest.phase === 'GRANTED') {
      await renew(pass, latest);
    } else if (mode === 'continuous' && live.length === 1 && needsSuccessor(pass, latest)) {
      await grant(pass, task, latest.epoch);
    }
  }
}

/** Runs of a task that was restarted end in order, and the next is granted when none is live. */
export async function endRestartedRuns(pass: Pass): Promise<void> {
  for (const task of pass.currentTasks) {
    for (const run of pass.liveRunsOf(task)) if (run.epoch <= task.restart) await pass.end(run);
  }
}

function hasWork(task: TaskItem, mode: Mode, due: boolean): boolean {
  if (task.state === 'FAILED') return false;
  return mode === 'continuous' || due || task.unfinished;
}

/** Before its deadline, or because the connector's function has newer code than the run: docs/adr/0010. */
function needsSuccessor({ connector, now, deps }: Pass, run: RunItem): boolean {
  if (run.phase !== 'RUNNING' || run.control !== 'NONE') return false;
  return run.workerVersion !== connector.worker.version || run.deadline - now < deps.timing.handoverMs;
}

async function grant(pass: Pass, task: TaskItem, waitsFor: number): Promise<void> {
  const { state, random } = pass.deps;
  const { name, configVersion, worker, generation } = pass.connector;
  const epoch = await pass.nextEpoch();
  const run = await state.runs.grant(
    {
      connector: name,
      epoch,
      task: task.task,
      generation,
      configVersion,
      workerVersion: worker.version,
      waitsFor,
      probe: task.attempts > 0,
    },
    pass.now,
    random.token(),
  );
  if (run === undefined) return;
  pass.spending.countRun();
  pass.runs = [...pass.runs, run];
  await invoke(pass, run);
}

/** The event was accepted but nobody claimed the run: the same epoch again, so that duplicates stay harmless. */
async function renew(pass: Pass, run: RunItem): Promise<void> {
  const { state, timing } = pass.deps;
  // An invocation from the future was noted by a clock that had jumped: it may be hours old.
  const age = pass.now - run.invokedAt;
  if (age >= 0 && age < timing.reinvokeAfterMs) return;
  if (run.invokes >= timing.maxInvokes) {
    await pass.declareDead(run, {
      reason: 'NOT_STARTED',
      retriable: true,
      error: `The worker function did not start the run after ${run.invokes} invocations. Look for throttling: account or reserved concurrency may be used up.`,
    });
    return;
  }
  if (await state.runs.noteInvoke(run, pass.now)) await invoke(pass, run);
}

async function invoke(pass: Pass, run: RunItem): Promise<void> {
  try {
    await pass.deps.invoker.run(pass.connector.worker, {
      op: 'run',
      connector: run.connector,
      task: run.task,
      epoch: run.epoch,
    });
  } catch (error) {
    // Stays GRANTED: a later tick invokes the same epoch again, or declares it dead.
    pass.log.warn('invocation failed, to be tried again', {
      task: run.task,
      epoch: run.epoch,
      error: String(error),
    });
  }
}
