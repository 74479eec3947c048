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
  // Not timers/promises: it makes an error with a stack for each sleep that is called off, and few run to their end.
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const called = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', called);
        resolve();
      }, ms);
      signal?.addEventListener('abort', called, { once: true });
    }),
};
