import type { CoordinatorDeps } from '../../lib/coordinator/pass.ts';
import { tick } from '../../lib/coordinator/tick.ts';
import { lambdaTiming } from '../../lib/coordinator/timing.ts';
import { silentLogger } from '../../lib/foundation/logger.ts';
import { seededRandom } from '../../lib/foundation/random.ts';
import { countingTable, type TableCounts } from '../../lib/local/counting-table.ts';
import { clusterState, type ClusterState } from '../../lib/storage/items/cluster-state.ts';
import type { Table } from '../../lib/storage/table.ts';
import { VirtualClock } from '../../lib/testing/virtual-clock.ts';
import type { RunRequest } from '../../lib/worker/protocol.ts';

export interface TickFigures {
  readonly connectors: number;
  readonly what: string;
  readonly reads: number;
  readonly writes: number;
  readonly ms: number;
}

const minuteMs = 60_000;
const invocation = { requestId: 'r', logGroup: 'g', logStream: 's' };

/** One task each. Protocol time is virtual; what a tick takes is measured on the real clock. */
export async function measureTicks(
  connectors: number,
  mode: 'drain' | 'continuous',
  table: Table,
): Promise<TickFigures[]> {
  const scene = new Scene(mode, table);
  await scene.create(connectors);
  const figures = [await scene.tick('first tick: plans and grants')];
  if (mode === 'continuous') {
    await scene.start();
    await scene.heartbeat();
    await scene.tick('');
    await scene.heartbeat();
    return [await scene.tick('every run at work')];
  }
  await scene.start();
  await scene.finish();
  figures.push(await scene.tick('drain due: outcomes taken in, plans, grants'));
  await scene.start();
  await scene.finish();
  await scene.tick('', ['none']);
  await scene.settle();
  figures.push(await scene.tick('nothing due'));
  return figures;
}

class Scene {
  readonly #clock = new VirtualClock();
  readonly #counts: TableCounts;
  readonly #deps: CoordinatorDeps;
  /** The workers' and the herder's way to the table, which is not counted. */
  readonly #state: ClusterState;
  #granted: RunRequest[] = [];
  #running: RunRequest[] = [];
  #connectors = 0;

  constructor(mode: 'drain' | 'continuous', table: Table) {
    const { table: counted, counts } = countingTable(table);
    this.#counts = counts;
    this.#state = clusterState(table);
    this.#deps = {
      state: clusterState(counted),
      clock: this.#clock,
      random: seededRandom(1),
      log: silentLogger,
      // The pauses between the starts of many connectors are not work.
      timing: { ...lambdaTiming, spreadMs: 0 },
      cadence: { mode, rediscoveryMs: 300_000 },
      invoker: {
        plan: async () => ({ ok: true, type: 'source', tasks: [{}] }),
        fence: async () => ({ ok: true }),
        run: async (_, request) => void this.#granted.push(request),
      },
    };
  }

  async create(connectors: number): Promise<void> {
    this.#connectors = connectors;
    await inParallel(
      Array.from({ length: connectors }, (_, n) => `connector-${n}`),
      async (name) => {
        const config = { 'connector.class': 'Bench', name, 'topic.prefix': 'orders', note: 'x'.repeat(400) };
        await this.#state.connectors.create(
          {
            name,
            uid: name,
            type: 'source',
            config,
            targetState: 'RUNNING',
            worker: { functionName: 'f', version: '1' },
          },
          this.#clock.now(),
          name,
        );
      },
    );
  }

  async tick(what: string, only?: readonly string[]): Promise<TickFigures> {
    const before = { ...this.#counts };
    const began = performance.now();
    await tick(this.#deps, only);
    const ms = performance.now() - began;
    const { reads, queries, writes } = this.#counts;
    await this.#clock.advance(minuteMs);
    return {
      connectors: this.#connectors,
      what,
      reads: reads + queries - before.reads - before.queries,
      writes: writes - before.writes,
      ms: Math.round(ms),
    };
  }

  /** What has been granted is claimed, as by a worker. */
  async start(): Promise<void> {
    await inParallel(this.#granted, async ({ connector, task, epoch }) => {
      const run = await this.#state.runs.claim(connector, epoch, {
        invocation,
        deadline: this.#clock.now() + 900_000,
        token: `c${epoch}`,
      });
      const generation = run?.generation ?? 0;
      await this.#state.tasks.claim(connector, task, { epoch, generation, token: `t${epoch}` });
      await this.#state.runs.advance(connector, epoch, 'RUNNING', `r${epoch}`);
    });
    this.#running.push(...this.#granted);
    this.#granted = [];
  }

  async heartbeat(): Promise<void> {
    const stats = { records: 1_000, bytes: 1_000, lag: 0 };
    await inParallel(this.#running, async ({ connector, epoch }) => {
      await this.#state.runs.heartbeat(connector, epoch, stats);
    });
  }

  async finish(): Promise<void> {
    await inParallel(this.#running, async ({ connector, task, epoch }) => {
      await this.#state.tasks.release(connector, task, { epoch, orderly: true });
      await this.#state.runs.finish(connector, epoch, {
        outcome: { reason: 'CAUGHT_UP', retriable: true },
        stats: { records: 1_000, bytes: 1_000, lag: 0 },
        now: this.#clock.now(),
        token: `f${epoch}`,
      });
    });
    this.#running = [];
  }

  /** Everything is drained again, and time stands right after it: the next tick finds nothing due. */
  async settle(): Promise<void> {
    await tick(this.#deps);
    await this.start();
    await this.finish();
    await tick(this.#deps);
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 32 }, worker));
}
