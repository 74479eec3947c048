import type { CadencePolicy } from '../coordinator/schedule.ts';
import type { ClusterState } from '../storage/items/cluster-state.ts';

const forever = Number.MAX_SAFE_INTEGER;

/** Every connector is drained when it is told to (`runNow`), and never again by itself. */
export const drainOnce: CadencePolicy = {
  mode: 'drain',
  rediscoveryMs: forever,
  forced: { mode: 'drain', everyMs: forever },
};

/** A retriable failure is tried this often before it counts. */
const attemptsInOnce = 3;

/** Whether the connector has no work left; a failure that keeps coming back ends the wait for it. */
export async function isDrained(name: string, state: ClusterState, now: number): Promise<boolean> {
  const connector = await state.connectors.get(name);
  if (connector === undefined || connector.targetState !== 'RUNNING') return true;
  if (connector.budget.until > now) return true;
  if (connector.planAttempts > 0)
    return connector.state === 'FAILED' || connector.planAttempts >= attemptsInOnce;
  if (connector.plannedFrom !== connector.configVersion || connector.nextDueAt <= now) return false;
  const { tasks, runs } = await state.snapshot(name, connector.runsFrom);
  if (runs.some((run) => !run.folded)) return false;
  // One of those that fail is tried for all of them: each should have had its turn, where they are few.
  const failing = tasks.filter((task) => task.attempts > 0 && task.state !== 'FAILED');
  const failures = Math.max(0, ...failing.map((task) => task.attempts));
  const enough = attemptsInOnce + Math.min(2, failing.length - 1);
  return tasks.every(
    (task) =>
      task.state === 'FAILED' ||
      (task.attempts > 0 && failures >= enough) ||
      (!task.unfinished && task.attempts === 0),
  );
}
