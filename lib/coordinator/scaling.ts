import type { RunItem } from '../storage/items/runs.ts';
import type { ConnectorItem, ScaleMemory } from '../storage/items/connector-item.ts';
import type { PlannedPartition } from '../worker/protocol.ts';
import type { Mode } from './schedule.ts';

export const scalingKeys = { scaling: 'lambda.scaling', drainMs: 'lambda.scaling.drain.ms' } as const;

/** Taken until the runs have shown what a task can do, records a second. */
const assumedRate = 1_000;
const defaultDrainMs = 60_000;
/** Fewer tasks only after so many plans in a row that asked for it. */
const lowPlans = 3;
/** A run with fewer records says little of how fast one goes. */
const tellingRecords = 1_000;

export interface ScaleRequest {
  readonly connector: Pick<ConnectorItem, 'config' | 'scale'>;
  readonly mode: Mode;
  /** Tasks in force; 0: the first plan. */
  readonly current: number;
  /** Runs are live. */
  readonly isAtWork: boolean;
  /** Tasks back off: their backlog says nothing of how many are needed. */
  readonly isFailing: boolean;
}

/**
 * How many tasks a sink gets: as many as bring its backlog to nothing within `lambda.scaling.drain.ms`, at least one,
 * at most `tasks.max` and one a partition. Up to twice as many a plan, down to half as many after three low ones.
 * `lambda.scaling=fixed` has as many as `tasks.max` and the partitions allow, as in Kafka Connect. Where the backlog is not
 * known it stays as it is.
 */
export function sinkTasks(
  { connector, mode, current, isAtWork, isFailing }: ScaleRequest,
  partitions: readonly PlannedPartition[],
): { readonly tasks: number; readonly memory: ScaleMemory } {
  const { config, scale } = connector;
  const most = Math.min(Number(config['tasks.max'] ?? 1), partitions.length);
  const calm = { ...scale, low: 0 };
  if (!scalesByDemand(config)) return { tasks: most, memory: calm };
  const backlog = backlogOf(partitions);
  if (backlog === undefined || isFailing)
    return { tasks: current === 0 ? most : Math.min(current, most), memory: calm };
  const drainMs = Number(config[scalingKeys.drainMs] ?? defaultDrainMs);
  const perTask = ((scale.rate > 0 ? scale.rate : assumedRate) * drainMs) / 1000;
  const wanted = Math.min(most, Math.max(1, Math.ceil(backlog / perTask)));
  if (current === 0) return { tasks: wanted, memory: calm };
  if (wanted >= current) return { tasks: Math.min(wanted, 2 * current, most), memory: calm };
  if (current > most) return { tasks: most, memory: calm };
  // A drain at work ends sooner by itself than it could be split anew.
  if (mode === 'drain' && isAtWork) return { tasks: current, memory: calm };
  if (scale.low + 1 < lowPlans) return { tasks: current, memory: { ...scale, low: scale.low + 1 } };
  return { tasks: Math.max(wanted, Math.ceil(current / 2)), memory: calm };
}

const scalesByDemand = (config: ConnectorItem['config']): boolean =>
  config[scalingKeys.scaling]?.trim().toLowerCase() !== 'fixed';

/** Whether the split of a connector depends on how far it is behind. */
export const needsBacklog = ({ type, config }: Pick<ConnectorItem, 'type' | 'config'>): boolean =>
  type === 'sink' && Number(config['tasks.max'] ?? 1) > 1 && scalesByDemand(config);

function backlogOf(partitions: readonly PlannedPartition[]): number | undefined {
  let backlog = 0;
  for (const { next, end } of partitions) {
    if (next === undefined || end === undefined) return undefined;
    backlog += Math.max(0, Number(BigInt(end) - BigInt(next)));
  }
  return backlog;
}

/**
 * What a run has shown of how fast a task goes. A drain is busy from beginning to end; a continuous run mostly waits for
 * data, so that it can only show that a task is faster than was known.
 */
export function learnedRate(known: number, run: RunItem, mode: Mode): number {
  const seconds = (run.endedAt - run.invokedAt) / 1000;
  if (run.phase !== 'DONE' || run.stats.records < tellingRecords || seconds <= 0) return known;
  const rate = run.stats.records / seconds;
  if (known === 0 || rate > known) return rate;
  return mode === 'drain' ? known * 0.8 + rate * 0.2 : known;
}
