import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Random } from '../foundation/random.ts';
import type { ClusterState } from '../storage/items/cluster-state.ts';
import type { ConnectorChange, ConnectorItem } from '../storage/items/connectors.ts';
import { isLive, type RunItem, type RunOutcome } from '../storage/items/runs.ts';
import type { TaskItem } from '../storage/items/tasks.ts';
import type { WorkerInvoker } from './invoker.ts';
import type { CadencePolicy } from './schedule.ts';
import type { Timing } from './timing.ts';

export interface CoordinatorDeps {
  readonly state: ClusterState;
  readonly invoker: WorkerInvoker;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timing: Timing;
  /** For configs without `lambda.mode`. */
  readonly cadence: CadencePolicy;
}

/** One look at one connector: what was read, kept up to date with what the steps of the tick have written. */
export class Pass {
  readonly deps: CoordinatorDeps;
  readonly now: number;
  readonly log: Logger;
  connector: ConnectorItem;
  tasks: TaskItem[];
  runs: RunItem[];
  /** Bookkeeping to be written at the end, in one go. */
  change: ConnectorChange = {};

  constructor(
    deps: CoordinatorDeps,
    connector: ConnectorItem,
    snapshot: { tasks: TaskItem[]; runs: RunItem[] },
  ) {
    this.deps = deps;
    this.now = deps.clock.now();
    this.log = deps.log.with({ connector: connector.name });
    this.connector = connector;
    this.tasks = snapshot.tasks;
    this.runs = snapshot.runs;
  }

  get liveRuns(): RunItem[] {
    return this.runs.filter(isLive);
  }

  /** Tasks of the generation in force; what else lies there is left over from a plan that lost a race. */
  get currentTasks(): TaskItem[] {
    const { generation } = this.connector;
    return this.tasks.filter((task) => task.generation === generation);
  }

  replaceRun(epoch: number, change: Partial<RunItem>): void {
    this.runs = this.runs.map((run) => (run.epoch === epoch ? { ...run, ...change } : run));
  }

  replaceTask(task: number, change: Partial<TaskItem>): void {
    this.tasks = this.tasks.map((t) => (t.task === task ? { ...t, ...change } : t));
  }

  async declareDead(run: RunItem, outcome: RunOutcome): Promise<void> {
    if (await this.deps.state.runs.declareDead(run, outcome, this.now)) {
      this.replaceRun(run.epoch, { phase: 'DEAD', outcome });
      this.log.warn('run declared dead', { task: run.task, epoch: run.epoch, reason: outcome.reason });
    }
  }

  /** Asks every live run to end; those nobody claimed yet are called off at once. True: none is live any more. */
  async quiesce(): Promise<boolean> {
    for (const run of this.liveRuns) {
      if (run.phase === 'GRANTED') {
        await this.declareDead(run, { reason: 'CANCELLED', retriable: true });
      } else if (run.control !== 'YIELD') {
        await this.deps.state.runs.requestYield(run.connector, run.epoch);
      }
    }
    return this.liveRuns.length === 0;
  }

  /** Writes `change` now, conditionally; false: somebody else changed the connector, and this pass must end. */
  async save(change: ConnectorChange): Promise<boolean> {
    const saved = await this.deps.state.connectors.save(this.connector, change, this.deps.random.token());
    if (!saved) return false;
    const { trace, ...rest } = change;
    const { trace: before, ...kept } = this.connector;
    const now = trace === undefined ? before : trace;
    this.connector = { ...kept, ...rest, ...(typeof now === 'string' ? { trace: now } : {}) };
    return true;
  }
}
