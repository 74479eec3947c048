import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { WorkerInvoker } from '../../../lib/coordinator/invoker.ts';
import type { CoordinatorDeps } from '../../../lib/coordinator/pass.ts';
import type { CadencePolicy } from '../../../lib/coordinator/schedule.ts';
import { type ConnectorStatus, connectorStatus } from '../../../lib/coordinator/status.ts';
import { tick } from '../../../lib/coordinator/tick.ts';
import { lambdaTiming } from '../../../lib/coordinator/timing.ts';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { clusterState, type ClusterState } from '../../../lib/storage/items/cluster-state.ts';
import type { RunItem, RunOutcome } from '../../../lib/storage/items/runs.ts';
import type { TaskItem } from '../../../lib/storage/items/task-item.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import { countingTable, type TableCounts } from '../../../lib/local/counting-table.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import type { FenceRequest, FenceResponse, PlanResponse, RunRequest } from '../../../lib/worker/protocol.ts';

/** A coordinator over a memory table; the test plays the worker functions by hand. */
export class ClusterUnderTest {
  readonly clock: VirtualClock = new VirtualClock();
  readonly state: ClusterState;
  readonly counts: TableCounts;
  readonly deps: CoordinatorDeps;
  readonly invoked: RunRequest[] = [];
  /** The connector that `tasks`, `runs` and `status` are about. */
  name = 'c';
  plans = 0;
  plan: () => PlanResponse = () => ({ ok: true, type: 'source', tasks: [{ part: 'a' }, { part: 'b' }] });
  readonly fenced: FenceRequest[] = [];
  fence: () => FenceResponse = () => ({ ok: true });
  beforePlan: () => Promise<void> = async () => undefined;
  invoke: (request: RunRequest) => void = () => undefined;

  constructor(cadence: CadencePolicy = { mode: 'drain', rediscoveryMs: 300_000 }) {
    const { table, counts } = countingTable(memoryTable());
    this.counts = counts;
    this.state = clusterState(table);
    const invoker: WorkerInvoker = {
      plan: async () => {
        this.plans++;
        await this.beforePlan();
        return this.plan();
      },
      fence: async (_, request) => {
        this.fenced.push(request);
        return this.fence();
      },
      run: async (_, request) => {
        this.invoked.push(request);
        this.invoke(request);
      },
    };
    this.deps = {
      state: this.state,
      invoker,
      clock: this.clock,
      random: seededRandom(1),
      log: silentLogger,
      timing: lambdaTiming,
      cadence,
    };
  }

  async create(config: ConnectorConfig = {}, type: 'source' | 'sink' = 'source', name = 'c'): Promise<void> {
    await this.state.connectors.create(
      {
        name,
        uid: this.deps.random.token(),
        type,
        config: { 'tasks.max': '2', ...config },
        targetState: 'RUNNING',
        worker: { functionName: 'f', version: '1' },
      },
      this.clock.now(),
      this.deps.random.token(),
    );
  }

  /** A tick, then a minute until the next. */
  async tick(afterMs = 60_000): Promise<void> {
    await tick(this.deps);
    await this.clock.advance(afterMs);
  }

  async status(): Promise<ConnectorStatus> {
    const connector = await this.state.connectors.get(this.name);
    if (connector === undefined) throw new Error('the connector is gone');
    return connectorStatus(connector, this.state, this.clock.now());
  }

  async tasks(): Promise<TaskItem[]> {
    return this.state.tasks.list(this.name);
  }

  async runs(): Promise<RunItem[]> {
    return (await this.state.snapshot(this.name)).runs;
  }

  /** Claims a granted run and its task, as a worker does. */
  async start(run: RunItem, forMs = 900_000): Promise<void> {
    const { connector, epoch, task, generation } = run;
    await this.state.runs.claim(connector, epoch, {
      invocation: { requestId: 'r', logGroup: 'g', logStream: 's' },
      deadline: this.clock.now() + forMs,
      token: `claim-${epoch}`,
    });
    await this.state.tasks.claim(connector, task, { epoch, generation, token: `task-${epoch}` });
    await this.state.runs.advance(connector, epoch, 'RUNNING', `run-${epoch}`);
  }

  async finish(run: RunItem, outcome: Partial<RunOutcome> = {}): Promise<void> {
    const { connector, task, epoch } = run;
    await this.state.tasks.release(connector, task, { epoch, orderly: outcome.reason !== 'ERROR' });
    await this.state.runs.finish(connector, epoch, {
      outcome: { reason: 'CAUGHT_UP', retriable: true, ...outcome },
      stats: { records: 5, bytes: 50, lag: 0 },
      now: this.clock.now(),
      token: `finish-${epoch}`,
    });
  }

  /** Plays every granted run to its end. */
  async drainAll(outcome: Partial<RunOutcome> = {}): Promise<void> {
    for (const run of (await this.runs()).filter((r) => r.phase === 'GRANTED')) {
      await this.start(run);
      await this.finish(run, outcome);
    }
  }
}
