import type { ClusterState } from '../storage/items/cluster-state.ts';
import type { ConnectorItem, ConnectorState } from '../storage/items/connectors.ts';
import { isLive, type RunItem } from '../storage/items/runs.ts';
import type { TaskItem, TaskState } from '../storage/items/tasks.ts';

export interface TaskStatus {
  readonly id: number;
  readonly state: TaskState;
  readonly trace?: string;
  /** Epoch of the run at work; absent between drains. */
  readonly run?: number;
  readonly records: number;
  readonly bytes: number;
  readonly lag: number;
}

export interface ConnectorStatus {
  readonly name: string;
  readonly type: 'source' | 'sink';
  readonly state: ConnectorState;
  readonly trace?: string;
  readonly tasks: readonly TaskStatus[];
}

/** What a connector is doing, derived from its leases: the one place that answers "what is its status". */
export async function connectorStatus(
  connector: ConnectorItem,
  state: ClusterState,
): Promise<ConnectorStatus> {
  const { tasks, runs } = await state.snapshot(connector.name);
  const current = tasks.filter((task) => task.generation === connector.generation);
  return {
    name: connector.name,
    type: connector.type,
    state: connector.state,
    ...(connector.trace === undefined ? {} : { trace: connector.trace }),
    tasks: current.map((task) =>
      taskStatus(
        task,
        runs.filter((run) => run.task === task.task),
        connector,
      ),
    ),
  };
}

/**
 * A task is RUNNING while a run of it gives signs of life, and between the drains of a healthy schedule. A failure
 * that is being retried shows as UNASSIGNED with its trace.
 */
function taskStatus(task: TaskItem, runs: readonly RunItem[], connector: ConnectorItem): TaskStatus {
  const live = runs.filter(isLive).at(-1);
  const unfolded = runs.filter((run) => !run.folded && (isLive(run) ? run.phase !== 'GRANTED' : true));
  const counted = (pick: (stats: RunItem['stats']) => number): number =>
    unfolded.reduce((sum, run) => sum + pick(run.stats), 0);
  const healthy = task.attempts === 0 && connector.state === 'RUNNING';
  const idle: TaskState =
    task.state === 'UNASSIGNED' && healthy && task.stats.runs > 0 ? 'RUNNING' : task.state;
  return {
    id: task.task,
    state:
      task.state === 'FAILED' || live === undefined
        ? idle
        : live.phase === 'RUNNING' || live.phase === 'DRAINING'
          ? 'RUNNING'
          : 'UNASSIGNED',
    ...(task.trace === undefined ? {} : { trace: task.trace }),
    ...(live === undefined ? {} : { run: live.epoch }),
    records: task.stats.records + counted((stats) => stats.records),
    bytes: task.stats.bytes + counted((stats) => stats.bytes),
    lag: live?.stats.lag ?? -1,
  };
}
