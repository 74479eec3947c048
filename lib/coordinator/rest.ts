import type { Pass } from './pass.ts';
import { cadence } from './schedule.ts';

/**
 * Until when ticks need not look at the connector: 0 while anything is under way. What is wanted of it meanwhile sets
 * it back, and each time of waiting ends with a look (`longestRestMs`), so that a clock that jumped costs little.
 */
export function restUntil(pass: Pass): number {
  if (pass.liveRuns.length > 0 || pass.runs.some((run) => !run.folded)) return 0;
  const longest = pass.now + pass.deps.timing.longestRestMs;
  const until = Math.min(longest, ...wakeTimes(pass));
  return until > pass.now ? until : 0;
}

function wakeTimes(pass: Pass): number[] {
  const { connector, change, spending, now } = pass;
  if (connector.targetState !== 'RUNNING') return [];
  if (spending.isOpen) return [spending.use.until];
  const planNotBefore = change.planNotBefore ?? connector.planNotBefore;
  // Without a plan in force there is nothing to grant.
  if (connector.plannedFrom !== connector.configVersion) return [Math.max(now, planNotBefore)];
  const { mode } = cadence(connector.config, pass.deps.cadence);
  const tasks = pass.currentTasks.filter(
    (task) => task.state !== 'FAILED' && (mode === 'continuous' || task.unfinished),
  );
  const next = change.nextDueAt ?? connector.nextDueAt;
  return [Math.max(now, next), ...tasks.map((task) => Math.max(now, task.notBefore))];
}
