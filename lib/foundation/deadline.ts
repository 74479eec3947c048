import type { Clock } from './clock.ts';

/** A moment on the monotonic clock by which work must have ended; one value is carried through all I/O. */
export interface Deadline {
  /** Milliseconds left, never negative. */
  remaining(): number;
  readonly expired: boolean;
}

export function deadlineIn(ms: number, clock: Clock): Deadline {
  const at = clock.monotonic() + ms;
  return {
    remaining: () => Math.max(0, at - clock.monotonic()),
    get expired() {
      return clock.monotonic() >= at;
    },
  };
}

/** The same deadline, `reserveMs` earlier: time kept back to flush, commit and release. */
export function reserve(deadline: Deadline, reserveMs: number): Deadline {
  return {
    remaining: () => Math.max(0, deadline.remaining() - reserveMs),
    get expired() {
      return deadline.remaining() <= reserveMs;
    },
  };
}
