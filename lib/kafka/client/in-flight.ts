import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../foundation/clock.ts';
import { WakeUp } from './wake-up.ts';
import { maxSleepMs } from './within.ts';

export interface SentRequest {
  readonly correlationId: number;
  /** Of the API. */
  readonly name: string;
  readonly timeoutMs: number;
  readonly resolve: (body: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

interface Awaited extends SentRequest {
  /** Monotonic milliseconds. */
  readonly until: number;
}

/**
 * The requests of a connection that were sent and are not answered, in the order they were sent and will be answered.
 * Only while there are some does a timer run, so that nothing is due in a process that is frozen between two runs.
 */
export class InFlight {
  readonly #clock: Clock;
  readonly #expired: (request: SentRequest) => void;
  readonly #change: WakeUp;
  #requests: Awaited[] = [];
  #watching = false;

  /** `expired` gets the first request whose time is over. */
  constructor(clock: Clock, expired: (request: SentRequest) => void) {
    this.#clock = clock;
    this.#expired = expired;
    this.#change = new WakeUp(clock);
  }

  get due(): number | undefined {
    return this.#requests[0]?.correlationId;
  }

  add(request: SentRequest): void {
    const until = this.#clock.monotonic() + request.timeoutMs;
    const isFirst = this.#requests.every((other) => until < other.until);
    this.#requests.push({ ...request, until });
    if (!this.#watching) void this.#watch();
    else if (isFirst) this.#change.wake();
  }

  /** The answer to the request that is due. */
  answer(body: Buffer): void {
    this.#requests.shift()?.resolve(body);
    if (this.#requests.length === 0) this.#change.wake();
  }

  fail(error: unknown): void {
    for (const { reject } of this.#requests.splice(0)) reject(error);
    this.#change.wake();
  }

  async #watch(): Promise<void> {
    this.#watching = true;
    for (let next = this.#next(); next; next = this.#next()) {
      const left = next.until - this.#clock.monotonic();
      if (left > 0) {
        await this.#change.sleep(Math.min(left, maxSleepMs));
        continue;
      }
      // After a freeze, or much work in one go, the answer may have come and not been read.
      await setImmediate();
      if (this.#requests.includes(next)) this.#expired(next);
    }
    this.#watching = false;
  }

  /** Whose time is over first. */
  #next(): Awaited | undefined {
    let next = this.#requests[0];
    for (const request of this.#requests) if (next && request.until < next.until) next = request;
    return next;
  }
}
