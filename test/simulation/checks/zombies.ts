import type { Actor } from '../world/actor.ts';
import type { Change } from '../world/store.ts';
import type { Verdict } from './verdict.ts';

/** A heartbeat, the time until a run without one gives up, and the slowest answers on the way there. */
const graceMs = 20_000 + 60_000 + 30_000;

/**
 * Runs that were declared dead and live on: the epochs keep them from committing, their heartbeat must make them
 * stop. Otherwise what they repeat would have no bound.
 */
export class Zombies {
  readonly #deadSince = new Map<string, number>();
  readonly #workers = new Map<string, Actor>();
  readonly #now: () => number;
  readonly #verdict: Verdict;

  constructor(now: () => number, verdict: Verdict) {
    this.#now = now;
    this.#verdict = verdict;
  }

  runChanged({ key, before, after }: Change): void {
    if (after?.['phase'] !== 'DEAD' || before?.['phase'] === 'DEAD') return;
    this.#deadSince.set(`${key.pk.slice('connector#'.length)}@${Number(key.sk.slice(4))}`, this.#now());
  }

  /** A run moves data. */
  works(by: Actor, what: string): void {
    const run = `${by.connector}@${by.epoch}`;
    const worker = this.#workers.get(run) ?? by;
    this.#workers.set(run, worker);
    if (worker !== by)
      this.#verdict.broken('one invocation works for a run', `a second one of ${by.process.name} ${what}`);
    const dead = this.#deadSince.get(run);
    if (dead === undefined) return;
    const late = this.#now() - Math.max(dead, by.process.thawedAt);
    if (late > graceMs)
      this.#verdict.broken(
        'a run declared dead stops',
        `${by.process.name} still ${what} ${Math.round(late / 1000)} s after it could know`,
      );
  }
}
