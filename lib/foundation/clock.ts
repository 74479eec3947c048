import { setTimeout as sleepFor } from 'node:timers/promises';

/**
 * Time, injected. All code outside `foundation`, `functions`, `cli` and `local` asks a Clock, so that the
 * coordination can be simulated with a virtual one.
 */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. May jump. Use it for what people and other processes read. */
  now(): number;
  /** Monotonic milliseconds. Use it for durations and local deadlines. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleepFor(ms, undefined, signal ? { signal } : undefined);
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
