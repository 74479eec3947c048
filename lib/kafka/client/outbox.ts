import type { Clock } from '../../foundation/clock.ts';

/** A request on its way out: one of the two is called, once. */
export interface Outgoing {
  send(): void;
  fail(error: unknown): void;
}

export interface OutboxOptions {
  readonly clock: Clock;
  /** What has to be done before anything is sent; undefined, the usual: nothing. */
  readonly prepare: () => Promise<void> | undefined;
  /** It failed, and nothing can be sent. */
  readonly failed: (error: unknown) => void;
}

/**
 * Requests leave in the order they came: at once, or when what holds them back is over. That is the time a broker
 * asked for (KIP-219: it does not read before either), and signing in again (KIP-368), which nothing may come between.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiting: Outgoing[] = [];
  readonly #end = new AbortController();
  /** Monotonic milliseconds. */
  #throttledUntil = Number.NEGATIVE_INFINITY;
  #isHeld = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  push(outgoing: Outgoing): void {
    this.#waiting.push(outgoing);
    if (!this.#isHeld) this.#flush();
  }

  throttle(ms: number): void {
    this.#throttledUntil = Math.max(this.#throttledUntil, this.#options.clock.monotonic() + ms);
  }

  /** Nothing may be pushed after it. */
  fail(error: unknown): void {
    this.#end.abort(error);
    for (const outgoing of this.#waiting.splice(0)) outgoing.fail(error);
  }

  #flush(): void {
    while (this.#waiting.length > 0) {
      const obstacle = this.#obstacle();
      if (obstacle !== undefined) {
        this.#isHeld = true;
        void this.#flushAfter(obstacle);
        return;
      }
      this.#waiting.shift()?.send();
    }
  }

  async #flushAfter(obstacle: Promise<void>): Promise<void> {
    try {
      await obstacle;
      this.#isHeld = false;
      this.#flush();
    } catch (error) {
      if (!this.#end.signal.aborted) this.#options.failed(error);
    }
  }

  #obstacle(): Promise<void> | undefined {
    const { clock, prepare } = this.#options;
    const throttledMs = this.#throttledUntil - clock.monotonic();
    return throttledMs > 0 ? clock.sleep(throttledMs, this.#end.signal) : prepare();
  }
}
