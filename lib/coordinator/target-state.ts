import type { Pass } from './pass.ts';
import { sweepMs } from './sweep.ts';

/**
 * Brings a connector that is not to run to rest. Level-triggered: each call does what is still left to do. True: it is
 * deleted, and there is nothing to keep books of.
 */
export async function settle(pass: Pass): Promise<boolean> {
  if (!(await pass.quiesce())) return false;
  const { state } = pass.deps;
  const { name, targetState } = pass.connector;
  if (targetState === 'PAUSED') {
    for (const task of pass.currentTasks) {
      // A failed task stays failed, as in Kafka Connect.
      if (task.state !== 'PAUSED' && task.state !== 'FAILED') await state.tasks.setState(task, 'PAUSED');
    }
    if (pass.connector.state !== 'PAUSED' && pass.connector.state !== 'FAILED')
      pass.change = { ...pass.change, state: 'PAUSED' };
    return false;
  }
  for (const task of pass.tasks) await state.tasks.remove(task);
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
    return false;
  }
  const { runs } = await state.snapshot(name);
  for (const run of runs) await state.runs.remove(run);
  await state.topics.reset(name);
  const buried = await state.connectors.bury(pass.connector, pass.now + sweepMs);
  if (buried) pass.log.info('connector deleted; its offsets are kept');
  return buried;
}
