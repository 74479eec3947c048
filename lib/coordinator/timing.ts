/** All durations of the protocol, milliseconds. The defaults suit a tick a minute on Lambda. */
export interface Timing {
  /** A run without a sign of life for this long, over two ticks, is declared dead. */
  readonly leaseMs: number;
  /** Slack after a run's own deadline before it is declared dead. */
  readonly deadlineGraceMs: number;
  /** A granted run that nobody claimed is invoked again after this long … */
  readonly reinvokeAfterMs: number;
  /** … up to this many invocations in all. */
  readonly maxInvokes: number;
  /** Continuous mode: a successor is granted this long before the deadline. */
  readonly handoverMs: number;
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  /** A probe that has been at work for so long shows that an outage is over. */
  readonly probeMs: number;
  /** A tick looks at a connector at least this often, whatever it is said to rest. */
  readonly longestRestMs: number;
  /** Starts of a tick's connectors are spread by this much for each above `startsAtOnce` … */
  readonly spreadMs: number;
  readonly startsAtOnce: number;
  /** … over this time at most. */
  readonly longestSpreadMs: number;
  /** How long a tick may hold a connector's lock. */
  readonly lockMs: number;
}

export const lambdaTiming: Timing = {
  leaseMs: 90_000,
  deadlineGraceMs: 30_000,
  reinvokeAfterMs: 20_000,
  maxInvokes: 3,
  handoverMs: 150_000,
  retryMinMs: 60_000,
  retryMaxMs: 900_000,
  probeMs: 60_000,
  longestRestMs: 900_000,
  spreadMs: 25,
  startsAtOnce: 50,
  longestSpreadMs: 40_000,
  lockMs: 30_000,
};

/** Exponential: min, 2·min, 4·min … capped at max. `attempts` counts from 1. */
export function backoff(attempts: number, timing: Timing): number {
  return Math.min(timing.retryMinMs * 2 ** Math.max(0, attempts - 1), timing.retryMaxMs);
}
