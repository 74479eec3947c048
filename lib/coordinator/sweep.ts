import type { CoordinatorDeps } from './pass.ts';

/** Longer than any function that was at work for a connector can live. */
export const sweepMs = 3_600_000;

/**
 * Removes what a coordinator that had stalled or a run that was frozen has written for a connector after it was deleted:
 * tasks, a run granted to nobody, a topic. Whoever creates the connector again meanwhile loses nothing: what is of a
 * later epoch, or was written again since, stays.
 */
export async function sweep(name: string, { state, clock, log }: CoordinatorDeps): Promise<void> {
  const now = clock.now();
  const stub = await state.connectors.getWithStub(name);
  if (stub?.targetState !== 'DELETED') return;
  const { tasks, runs } = await state.snapshot(name);
  for (const task of tasks) await state.tasks.remove(task);
  for (const run of runs) if (run.epoch <= stub.epoch) await state.runs.remove(run);
  await state.topics.removeUntil(name, now);
  if (tasks.length + runs.length > 0)
    log.info('removed what was written for a deleted connector', {
      connector: name,
      tasks: tasks.length,
      runs: runs.length,
    });
}
