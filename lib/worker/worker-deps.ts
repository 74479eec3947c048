import type { ConnectorConfig } from '../api/config.ts';
import type { ConfigProviders } from '../config-providers/placeholders.ts';
import type { CadencePolicy } from '../coordinator/schedule.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Random } from '../foundation/random.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import type { ClusterState } from '../storage/items/cluster-state.ts';

/** What a worker function is built from once, at cold start. */
export interface WorkerDeps {
  readonly state: ClusterState;
  /** One client for each environment, shared by its runs; opened on first use. */
  readonly kafka: () => Promise<KafkaClient>;
  readonly registry: PluginRegistry;
  readonly providers: ConfigProviders;
  /** Worker-level converters, for connectors without their own. */
  readonly workerConfig: ConnectorConfig;
  readonly cadence: CadencePolicy;
  readonly timing: WorkerTiming;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** Milliseconds. */
export interface WorkerTiming {
  readonly heartbeatMs: number;
  /** Without a successful heartbeat for this long the run gives up: it may have been declared dead. */
  readonly abandonMs: number;
  /** Kept back at the end of an invocation to flush, commit and release (Invariant 6). */
  readonly reserveMs: number;
  /** How often a standing-by run looks whether its predecessor has released the task. */
  readonly standbyPollMs: number;
  /** Upper bound for `offset.flush.interval.ms`: the window of duplicates after a kill, where commits are small. */
  readonly maxFlushIntervalMs: number;
  /** What one write of a commit adds to the time until the next. */
  readonly commitWriteMs: number;
  /** The longest that commits with many writes wait for each other, where no `offset.flush.interval.ms` is given. */
  readonly longestCommitIntervalMs: number;
  /** Consecutive retriable failures of a poll or put before the run ends and the coordinator backs off. */
  readonly maxRetriesInRun: number;
}

export const lambdaWorkerTiming: WorkerTiming = {
  heartbeatMs: 20_000,
  abandonMs: 60_000,
  reserveMs: 15_000,
  standbyPollMs: 1_500,
  maxFlushIntervalMs: 10_000,
  // A little more than six writes a minute, beside three heartbeats.
  commitWriteMs: 9_700,
  longestCommitIntervalMs: 300_000,
  maxRetriesInRun: 5,
};
