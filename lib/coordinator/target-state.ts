import type { Pass } from './pass.ts';

/** Brings a connector that is not to run to rest. Level-triggered: each call does what is still left to do. */
export async function settle(pass: Pass): Promise<void> {
  if (!(await pass.quiesce())) return;
  const { state } = pass.deps;
  const { name, targetState } = pass.connector;
  if (targetState === 'PAUSED') {
    for (const task of pass.currentTasks) {
      // A failed task stays failed, as in Kafka Connect.
      if (task.state !== 'PAUSED' && task.state !== 'FAILED') await state.tasks.setState(task, 'PAUSED');
    }
    if (pass.connector.state !== 'PAUSED' && pass.connector.state !== 'FAILED')
      pass.change = { ...pass.change, state: 'PAUSED' };
    return;
  }
  for (const task of pass.tasks)
    await state.tasks.remove(name, task.task, Math.max(task.generation, pass.connector.generation));
  if (targetState === 'STOPPED') {
    if (pass.connector.state !== 'STOPPED' || pass.connector.plannedFrom !== 0) {
      pass.change = {
        ...pass.change,
        state: 'STOPPED',
        trace: null,
        taskCount: 0,
        plannedFrom: 0,
        planAttempts: 0,
        planNotBefore: 0,
      };
    }
    return;
  }
  const { runs } = await state.snapshot(name);
  for (const run of runs) await state.runs.remove(run);
  await state.topics.reset(name);
  if (await state.connectors.bury(pass.connector)) pass.log.info('connector deleted; its offsets are kept');
}
