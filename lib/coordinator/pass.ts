import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import type { Random } from '../foundation/random.ts';
import type { ClusterState } from '../storage/items/cluster-state.ts';
import type { ConnectorItem } from '../storage/items/connector-item.ts';
import type { ConnectorChange } from '../storage/items/connectors.ts';
import { isLive, type RunItem, type RunOutcome } from '../storage/items/runs.ts';
import type { TaskItem } from '../storage/items/task-item.ts';
import { Spending } from './budget.ts';
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
  readonly spending: Spending;
  /** The counter of epochs as it was read: whatever another coordinator grants meanwhile is above it. */
  readonly epochAtStart: number;
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
    this.spending = new Spending(connector.budget, this.now);
    this.epochAtStart = connector.epoch;
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

  /** The state that will be stored when the pass ends. */
  get stateNow(): ConnectorItem['state'] {
    return this.change.state ?? this.connector.state;
  }

  liveRunsOf(task: TaskItem): RunItem[] {
    return this.liveRuns.filter((run) => run.task === task.task);
  }

  replaceRun(epoch: number, change: Partial<RunItem>): void {
    this.runs = this.runs.map((run) => (run.epoch === epoch ? { ...run, ...change } : run));
  }

  replaceTask(task: number, change: Partial<TaskItem>): void {
    this.tasks = this.tasks.map((t) => (t.task === task ? { ...t, ...change } : t));
  }

  async nextEpoch(): Promise<number> {
    const epoch = await this.deps.state.connectors.nextEpoch(this.connector.name);
    this.connector = { ...this.connector, epoch };
    return epoch;
  }

  async declareDead(run: RunItem, outcome: RunOutcome): Promise<void> {
    if (await this.deps.state.runs.declareDead(run, outcome, this.now)) {
      this.replaceRun(run.epoch, { phase: 'DEAD', outcome, endedAt: this.now });
      this.log.warn('run declared dead', { task: run.task, epoch: run.epoch, reason: outcome.reason });
    }
  }

  /** Asks the run to end; one that nobody has claimed yet is called off at once. */
  async end(run: RunItem): Promise<void> {
    if (run.phase === 'GRANTED') {
      await this.declareDead(run, { reason: 'CANCELLED', retriable: true });
    } else if (run.control !== 'YIELD') {
      await this.deps.state.runs.requestYield(run.connector, run.epoch);
      this.replaceRun(run.epoch, { control: 'YIELD' });
    }
  }

  /** Asks every live run to end. True: none is live any more. */
  async quiesce(): Promise<boolean> {
    for (const run of this.liveRuns) await this.end(run);
    return this.liveRuns.length === 0;
  }

  /** Writes `change` now, conditionally; false: somebody else changed the connector, and this pass must end. */
  async save(change: ConnectorChange, options: { readonly unlock?: boolean } = {}): Promise<boolean> {
    const { state, random } = this.deps;
    const saved = await state.connectors.save(this.connector, change, { token: random.token(), ...options });
    if (!saved) return false;
    const { trace, ...rest } = change;
    const { trace: before, ...kept } = this.connector;
    const now = trace === undefined ? before : trace;
    this.connector = { ...kept, ...rest, ...(typeof now === 'string' ? { trace: now } : {}) };
    return true;
  }
}
