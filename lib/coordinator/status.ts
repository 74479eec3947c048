import type { ClusterState } from '../storage/items/cluster-state.ts';
import type { ConnectorItem, ConnectorState } from '../storage/items/connector-item.ts';
import { isLive, type RunItem } from '../storage/items/runs.ts';
import type { TaskItem, TaskState } from '../storage/items/task-item.ts';

export interface TaskStatus {
  readonly id: number;
  readonly state: TaskState;
  /** Function and, once a run has been at work, the log stream of the latest. */
  readonly workerId: string;
  readonly trace?: string;
  /** Epoch of the run at work; absent between drains. */
  readonly run?: number;
  readonly records: number;
  readonly bytes: number;
  readonly lag: number;
  /** Times a sink found its offset out of range and went on elsewhere. */
  readonly outOfRange: number;
  /** 1, or what part of the usual size its batches have after runs that were killed: 2, 4, 8 … */
  readonly batchDivisor: number;
}

export interface ConnectorStatus {
  readonly name: string;
  readonly type: 'source' | 'sink';
  readonly state: ConnectorState;
  /** The function that carries its plugins. */
  readonly workerId: string;
  readonly trace?: string;
  readonly tasks: readonly TaskStatus[];
}

/** A run this far past its deadline cannot be alive, whatever the table says. */
const deadlineGraceMs = 30_000;
/** A connector that is due for so long has no coordinator that ticks. */
const overdueMs = 300_000;

/** What a connector is doing, derived from its leases: the one place that answers "what is its status". */
export async function connectorStatus(
  connector: ConnectorItem,
  state: ClusterState,
  now: number,
): Promise<ConnectorStatus> {
  const { tasks, runs } = await state.snapshot(connector.name, connector.runsFrom);
  const current = tasks.filter((task) => task.generation === connector.generation);
  return {
    name: connector.name,
    type: connector.type,
    state: connector.state,
    workerId: connector.worker.functionName,
    ...(connector.trace === undefined ? {} : { trace: connector.trace }),
    tasks: current.map((task) =>
      taskStatus(
        task,
        runs.filter((run) => run.task === task.task),
        { connector, now },
      ),
    ),
  };
}

interface Seen {
  readonly connector: ConnectorItem;
  readonly now: number;
}

function taskStatus(task: TaskItem, runs: readonly RunItem[], { connector, now }: Seen): TaskStatus {
  const live = runs.filter((run) => isAlive(run, now)).at(-1);
  // A run that is folded into the task counts there, also while it is not yet marked as folded itself.
  const unfolded = runs.filter((run) =>
    isLive(run) ? run.phase !== 'GRANTED' : !run.folded && run.epoch > task.folded,
  );
  const counted = (pick: (stats: RunItem['stats']) => number): number =>
    unfolded.reduce((sum, run) => sum + pick(run.stats), 0);
  const logStream = live?.invocation?.logStream ?? task.worker;
  const { functionName } = connector.worker;
  return {
    id: task.task,
    state: stateOf(task, live, { connector, now }),
    workerId: logStream === '' ? functionName : `${functionName}/${logStream}`,
    ...(task.trace === undefined ? {} : { trace: task.trace }),
    ...(live === undefined ? {} : { run: live.epoch }),
    records: task.stats.records + counted((stats) => stats.records),
    bytes: task.stats.bytes + counted((stats) => stats.bytes),
    lag: live?.stats.lag ?? -1,
    outOfRange: task.stats.outOfRange + counted((stats) => stats.outOfRange ?? 0),
    batchDivisor: task.batchDivisor,
  };
}

const isAlive = (run: RunItem, now: number): boolean =>
  isLive(run) && (run.deadline === 0 || now <= run.deadline + deadlineGraceMs);

/**
 * FAILED, RESTARTING and PAUSED stay until something ends them. Else a task is RUNNING while a run of it gives signs of
 * life, and between the drains of a healthy schedule. What is neither, such as a failure that is being retried or a
 * connector whose coordinator does not tick, is UNASSIGNED.
 */
function stateOf(task: TaskItem, live: RunItem | undefined, { connector, now }: Seen): TaskState {
  if (task.state === 'FAILED') return 'FAILED';
  if (task.state === 'RESTARTING' && (live === undefined || live.epoch <= task.restart)) return 'RESTARTING';
  if (live !== undefined)
    return live.phase === 'RUNNING' || live.phase === 'DRAINING' ? 'RUNNING' : 'UNASSIGNED';
  if (connector.state === 'PAUSED' || task.state === 'PAUSED') return 'PAUSED';
  const isHealthy = task.attempts === 0 && task.deaths === 0 && task.stats.runs > 0;
  const ticks = now <= connector.nextDueAt + overdueMs;
  return isHealthy && ticks && connector.targetState === 'RUNNING' ? 'RUNNING' : 'UNASSIGNED';
}
