import type { ConnectorConfig } from '../api/config.ts';
import type { Plugin } from '../api/connector.ts';
import { ConnectError } from '../api/errors.ts';
import type { ConfigProviders } from '../config-providers/placeholders.ts';
import type { OffsetsInvoker } from '../coordinator/invoker.ts';
import type { CoordinatorDeps } from '../coordinator/pass.ts';
import type { CadencePolicy } from '../coordinator/schedule.ts';
import { tick } from '../coordinator/tick.ts';
import { lambdaTiming } from '../coordinator/timing.ts';
import { createLogger, type LogLevel, type LogLine } from '../foundation/logger.ts';
import { seededRandom } from '../foundation/random.ts';
import { MemoryClient } from '../kafka/memory/memory-client.ts';
import { type Intercept, MemoryKafka } from '../kafka/memory/memory-kafka.ts';
import { isDrained } from '../local/drain-once.ts';
import { InProcessLambda } from '../local/in-process-lambda.ts';
import { PluginRegistry } from '../plugins/registry.ts';
import { clusterState, type ClusterState } from '../storage/items/cluster-state.ts';
import { memoryTable } from '../storage/memory/memory-table.ts';
import type { Table } from '../storage/table.ts';
import { lambdaWorkerTiming, type WorkerDeps, type WorkerTiming } from '../worker/worker-deps.ts';
import type { Mortality, World } from './mortality.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface MemoryClusterOptions {
  readonly plugins: readonly Plugin[];
  readonly cadence: CadencePolicy;
  readonly providers?: ConfigProviders;
  readonly workerConfig?: ConnectorConfig;
  /** Lines below it are not kept. Default `warn`. */
  readonly logLevel?: LogLevel;
  /** Default: a new one. */
  readonly clock?: VirtualClock;
  /** Of the worker function, milliseconds. Default fifteen minutes. */
  readonly timeoutMs?: number;
  /** Over those of Lambda. */
  readonly workerTiming?: Partial<WorkerTiming>;
}

const minuteMs = 60_000;
const longestTimeoutMs = 900_000;
/** A connector that has not come to rest by then never will. */
const longestDrainMinutes = 4 * 60;

/** Coordinator and worker processes over memory table and memory Kafka, on a virtual clock. */
export class MemoryCluster {
  readonly clock: VirtualClock;
  readonly table: Table = memoryTable();
  readonly state: ClusterState = clusterState(this.table);
  readonly kafka: MemoryKafka;
  readonly registry: PluginRegistry;
  readonly log: LogLine[] = [];
  readonly stop: AbortController = new AbortController();
  /** For the next worker process; the one after is ordinary again. */
  mortality: Mortality | undefined;
  /** Called around every operation on Kafka. */
  intercept: Intercept | undefined;
  readonly #options: MemoryClusterOptions;
  readonly #random = seededRandom(7);

  constructor(options: MemoryClusterOptions) {
    this.#options = options;
    this.clock = options.clock ?? new VirtualClock();
    this.kafka = new MemoryKafka({
      clock: this.clock,
      intercept: (operation, phase) => this.intercept?.(operation, phase),
    });
    this.registry = new PluginRegistry(options.plugins);
  }

  /** Stores a connector as the herder does, without validation. */
  async add(name: string, config: ConnectorConfig): Promise<void> {
    await this.state.connectors.create(
      {
        name,
        uid: this.#random.token(),
        type: this.registry.connector(config['connector.class'] ?? '').kind,
        targetState: 'RUNNING',
        worker: { functionName: 'f', version: '1' },
        config: { ...config, name },
      },
      this.clock.now(),
      this.#random.token(),
    );
  }

  /** How offsets are altered: in a worker process of its own, as with plans. */
  readonly offsetsInvoker: OffsetsInvoker = {
    alterOffsets: (worker, request) => this.#process(this.#world()).alterOffsets(worker, request),
  };

  /** A tick a minute; between them whatever runs goes on. */
  async minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute++) await this.tick(minuteMs);
  }

  /** One tick, then so much time until the next thing happens. */
  async tick(thenMs: number): Promise<void> {
    await tick(this.#coordinator());
    await this.clock.advance(thenMs);
  }

  /** Minute by minute, until the connector has nothing left to do or has failed for good. */
  async drain(name: string): Promise<void> {
    for (let minute = 0; minute < longestDrainMinutes; minute++) {
      await this.minutes(1);
      if (await isDrained(name, this.state, this.clock.now())) return;
    }
    throw new ConnectError(
      `Connector ${name} did not come to an end within four hours of the virtual clock`,
      {
        hint: 'A source must answer an empty poll when it has read everything; look at its log lines.',
      },
    );
  }

  #coordinator(): CoordinatorDeps {
    const { state, clock } = this;
    const world = this.#world();
    return {
      state,
      clock,
      random: this.#random,
      timing: lambdaTiming,
      cadence: this.#options.cadence,
      log: this.#logger(),
      invoker: {
        plan: (worker, request) => this.#process(world).plan(worker, request),
        fence: (worker, request) => this.#process(world).fence(worker, request),
        run: (worker, request) => {
          const { mortality } = this;
          this.mortality = undefined;
          return this.#process(mortality?.(world) ?? world).run(worker, request);
        },
      },
    };
  }

  #world(): World {
    return { table: this.table, kafka: new MemoryClient(this.kafka) };
  }

  /** A worker process of its own for each invocation: what kills one leaves the others alone. */
  #process({ table, kafka }: World): InProcessLambda {
    const { cadence, providers = {}, workerConfig = {}, workerTiming = {} } = this.#options;
    const worker: WorkerDeps = {
      state: clusterState(table),
      kafka: async () => kafka,
      registry: this.registry,
      providers,
      workerConfig,
      cadence,
      timing: { ...lambdaWorkerTiming, ...workerTiming },
      clock: this.clock,
      random: this.#random,
      log: this.#logger(),
    };
    const { timeoutMs = longestTimeoutMs } = this.#options;
    return new InProcessLambda({ worker, timeoutMs, stop: this.stop.signal });
  }

  #logger() {
    return createLogger((line) => void this.log.push(line), this.#options.logLevel ?? 'warn');
  }
}
