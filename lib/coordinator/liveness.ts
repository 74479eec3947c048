import type { ConnectorItem } from '../storage/items/connector-item.ts';
import { isLive, type RunItem, type RunOutcome } from '../storage/items/runs.ts';
import type { Timing } from './timing.ts';

type Seen = ConnectorItem['seen'];

export interface Observation {
  /** What this tick saw, to be compared with by the next one. */
  readonly seen: Seen;
  readonly dead: readonly { readonly run: RunItem; readonly outcome: RunOutcome }[];
}

/**
 * Decides which claimed runs are dead: no heartbeat over a whole lease and at least two ticks, or well past their
 * deadline. Granted runs that nobody claimed are the business of grants.ts. Times only decide when to try; whether
 * a declared run really is over is decided by the epochs (Invariant 4).
 */
export function observe(
  runs: readonly RunItem[],
  before: Seen,
  clock: { now: number; lastTick: number },
  timing: Timing,
): Observation {
  const { now, lastTick } = clock;
  const seen: Record<string, readonly [number, number]> = {};
  const dead: { run: RunItem; outcome: RunOutcome }[] = [];
  const clockJumpedBack = now < lastTick;
  for (const run of runs) {
    if (!isLive(run) || run.phase === 'GRANTED') continue;
    const id = String(run.epoch);
    const last = before[id];
    const unchanged = last !== undefined && last[0] === run.heartbeat;
    const since = unchanged && !clockJumpedBack ? last[1] : now;
    seen[id] = [run.heartbeat, since];
    if (clockJumpedBack || !unchanged) continue;
    const silentMs = now - since;
    if (silentMs >= timing.leaseMs) {
      dead.push({ run, outcome: unresponsive(`no heartbeat for ${Math.round(silentMs / 1000)} s`) });
    } else if (run.deadline > 0 && now > run.deadline + timing.deadlineGraceMs) {
      dead.push({ run, outcome: unresponsive('still not finished after its deadline') });
    }
  }
  return { seen, dead };
}

const unresponsive = (why: string): RunOutcome => ({
  reason: 'UNRESPONSIVE',
  retriable: true,
  error: `The run ended without a word: ${why}. Look for a timeout or an out-of-memory kill in its log.`,
});
