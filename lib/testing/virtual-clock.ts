import type { Clock } from '../foundation/clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Resolves when no real work is under way; true: it had to be waited for, so that more may follow. */
export type RealWork = () => Promise<boolean>;

const noRealWork: RealWork = async () => false;
/** After so many waits in a row time moves on: what never rests would hold it for ever. */
const mostWaits = 1_000;

/** A clock that moves only when it is told to: tests say what time it is, and nothing waits. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #start: number;
  readonly #realWork: RealWork;
  #sleepers: Sleeper[] = [];

  /** Time stands still while `realWork` (reads of a file or a database) is under way. */
  constructor(start = Date.UTC(2026, 0, 1), realWork: RealWork = noRealWork) {
    this.#now = start;
    this.#start = start;
    this.#realWork = realWork;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener(
        'abort',
        () => {
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
          reject(signal.reason as Error);
        },
        { once: true },
      );
    });
  }

  /** Moves time on and lets everything due on the way run, in order. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await this.#settle();
      const next = this.#sleepers.filter((sleeper) => sleeper.at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = until;
    await this.#settle();
  }

  async #settle(): Promise<void> {
    await turns();
    for (let waits = 0; waits < mostWaits && (await this.#realWork()); waits++) await turns();
  }
}

/** Lets everything that is ready run: promises, and work handed to the event loop. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
