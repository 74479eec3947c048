import { ConnectError } from '../api/errors.ts';
import type { Clock } from '../foundation/clock.ts';

const longestMs = 86_400_000;

/** A clock on which sleeping takes no time: it moves on at once. What waits for more than a day is told so. */
export function hurriedClock(start = Date.UTC(2026, 0, 1)): Clock {
  let now = start;
  return {
    now: () => now,
    monotonic: () => now - start,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
      if (now - start > longestMs)
        throw new ConnectError('More than a day was spent waiting', {
          hint: 'errors.retry.timeout=-1 retries for ever: give the test a bound.',
        });
    },
  };
}
