import { isKept, type Keep, type Replaced } from '../storage/items/offset-history.ts';

const everyMs = 60_000;
/** What a run that has kept nothing yet may keep at once. */
const most = 10;

/**
 * The history of all offset items of one run takes one write a minute at most, and leaves the other nine to heartbeats
 * and commits. Those that were kept longest ago come first: of more than ten items each has its turn, only later.
 */
export class HistoryPace {
  #lastAt = -Infinity;

  /** Those of the items about to be replaced that are to be kept, of those whose time has come. */
  choose<T extends Replaced>(replaced: readonly T[], now: number): ReadonlySet<T> {
    const allowed = Math.min(most, Math.floor((now - this.#lastAt) / everyMs));
    const due = replaced.filter((item) => isKept(item, now));
    const chosen = due.toSorted((a, b) => a.keptAt - b.keptAt).slice(0, Math.max(allowed, 0));
    if (chosen.length > 0) this.#lastAt = now;
    return new Set(chosen);
  }
}

export const keepIf = (isChosen: boolean): Keep => (isChosen ? 'when due' : 'never');
