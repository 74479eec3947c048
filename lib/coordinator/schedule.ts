import type { ConnectorConfig } from '../api/config.ts';
import { ConfigError } from '../api/errors.ts';

export type Mode = 'drain' | 'continuous';

const units: Record<string, number> = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** `rate(5 minutes)`, as EventBridge writes it, in milliseconds. */
export function parseRate(text: string): number {
  const match = /^rate\((\d+) (second|minute|hour|day)s?\)$/.exec(text.trim());
  const every = match ? Number(match[1]) * (units[match[2] ?? ''] ?? 0) : 0;
  if (every <= 0) {
    throw ConfigError.invalid(
      'lambda.schedule',
      text,
      'must be like rate(1 minute), rate(15 minutes) or rate(1 hour)',
    );
  }
  return every;
}

export interface Cadence {
  readonly mode: Mode;
  /** Drain: time between drains. Continuous: time between looks for new tables or partitions. */
  readonly everyMs: number;
}

/** What holds where a config does not say. */
export interface CadencePolicy {
  readonly mode: Mode;
  readonly rediscoveryMs: number;
  /** Overrides every config: `sluice dev --once` drains each connector once. */
  readonly forced?: Cadence;
}

export const lambdaCadence: CadencePolicy = { mode: 'drain', rediscoveryMs: 300_000 };

/** How often a connector is due, from its `lambda.*` keys. */
export function cadence(config: ConnectorConfig, policy: CadencePolicy): Cadence {
  if (policy.forced !== undefined) return policy.forced;
  const mode = config['lambda.mode']?.trim().toLowerCase() ?? policy.mode;
  if (mode === 'continuous') {
    return { mode, everyMs: Number(config['lambda.rediscovery.interval.ms'] ?? policy.rediscoveryMs) };
  }
  if (mode !== 'drain') throw ConfigError.invalid('lambda.mode', mode, 'must be drain or continuous');
  return { mode, everyMs: parseRate(config['lambda.schedule'] ?? 'rate(1 minute)') };
}

/** A due time further away than the next ever is was reckoned by a clock that had jumped: it counts as now. */
export const isDue = (due: number, now: number, everyMs: number): boolean =>
  due <= now || due > now + everyMs;

/** The next due time after `due`, in step with it: ten missed ticks make one catch-up, never a storm. */
export function nextDue(due: number, now: number, everyMs: number): number {
  if (due > now) return due;
  return due + everyMs * (Math.floor((now - due) / everyMs) + 1);
}
