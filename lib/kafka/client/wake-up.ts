import type { Clock } from '../../foundation/clock.ts';

const woken = new Error('woken');

/** Lets a loop sleep until something happened or a time came, whichever is first; a wake-up before is not lost. */
export class WakeUp {
  readonly #clock: Clock;
  #sleeping: AbortController | undefined;
  #woken = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#woken = true;
    this.#sleeping?.abort(woken);
  }

  async sleep(ms: number): Promise<void> {
    if (!this.#woken) {
      const sleeping = new AbortController();
      this.#sleeping = sleeping;
      try {
        await this.#clock.sleep(ms, sleeping.signal);
      } catch (error) {
        if (!sleeping.signal.aborted) throw error;
      }
      this.#sleeping = undefined;
    }
    this.#woken = false;
  }
}
