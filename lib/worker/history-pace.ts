import { isKept, type Keep, type Replaced } from '../storage/items/offset-history.ts';

const everyMs = 60_000;
/** What a run that has kept nothing for long may keep at once. */
const most = 5;

/**
 * The history of all offset items of one run takes one write a minute at most, and leaves the other nine to heartbeats
 * and commits. Those that were kept longest ago come first: of more than ten items each has its turn, only later.
 */
export class HistoryPace {
  #allowed = most;
  #since: number | undefined;

  /** Those of the items about to be replaced that are to be kept, of those whose time has come. */
  choose<T extends Replaced>(replaced: readonly T[], now: number): ReadonlySet<T> {
    const passed = Math.max(0, now - (this.#since ?? now));
    this.#allowed = Math.min(most, this.#allowed + passed / everyMs);
    this.#since = now;
    const due = replaced.filter((item) => isKept(item, now));
    const chosen = due.toSorted((a, b) => a.keptAt - b.keptAt).slice(0, Math.floor(this.#allowed));
    this.#allowed -= chosen.length;
    return new Set(chosen);
  }
}

export const keepIf = (isChosen: boolean): Keep => (isChosen ? 'when due' : 'never');
