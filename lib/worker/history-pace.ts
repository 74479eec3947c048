import { isKept, type Keep, type Replaced } from '../storage/items/offset-history.ts';

const everyMs = 60_000;
/** What may be kept at once on top of it. */
const spare = 5;

/**
 * The history of all offset items of one task takes one write a minute, and leaves the other nine to heartbeats and
 * commits. Those that were kept longest ago come first: of more than ten items each has its turn, only later. A run that
 * comes after a pause has its minutes too: what an hourly drain replaces is kept.
 */
export class HistoryPace {
  #allowed = spare;
  #since: number | undefined;

  /** Those of the items about to be replaced that are to be kept, of those whose time has come. */
  choose<T extends Replaced>(replaced: readonly T[], now: number): ReadonlySet<T> {
    const since = this.#since ?? lastKept(replaced) ?? now;
    const earned = this.#allowed + Math.max(0, now - since) / everyMs;
    const allowed = this.#since === undefined ? earned : Math.min(spare, earned);
    const due = replaced.filter((item) => isKept(item, now));
    const chosen = due.toSorted((a, b) => a.keptAt - b.keptAt).slice(0, Math.floor(allowed));
    this.#allowed = Math.min(spare, allowed - chosen.length);
    this.#since = now;
    return new Set(chosen);
  }
}

/** When a run before kept something, or could first have. */
function lastKept(replaced: readonly Replaced[]): number | undefined {
  const stored = replaced.filter(({ storedAt }) => storedAt > 0);
  if (stored.length === 0) return undefined;
  return Math.max(...stored.map(({ keptAt, storedAt }) => (keptAt > 0 ? keptAt : storedAt)));
}

export const keepIf = (isChosen: boolean): Keep => (isChosen ? 'when due' : 'never');
