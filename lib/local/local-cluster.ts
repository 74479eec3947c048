import type { ConnectorConfig } from '../api/config.ts';
import type { Plugin } from '../api/connector.ts';
import { ConnectorOffsets } from '../coordinator/connector-offsets.ts';
import { Herder } from '../coordinator/herder.ts';
import type { CoordinatorDeps } from '../coordinator/pass.ts';
import type { CadencePolicy } from '../coordinator/schedule.ts';
import { type ConnectorStatus, connectorStatus } from '../coordinator/status.ts';
import { tick } from '../coordinator/tick.ts';
import { lambdaTiming, type Timing } from '../coordinator/timing.ts';
import { type Clock, systemClock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import { systemRandom } from '../foundation/random.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import { PluginRegistry } from '../plugins/registry.ts';
import { clusterState, type ClusterState } from '../storage/items/cluster-state.ts';
import { isLive } from '../storage/items/runs.ts';
import type { Table } from '../storage/table.ts';
import { lambdaWorkerTiming, type WorkerDeps } from '../worker/worker-deps.ts';
import { InProcessLambda } from './in-process-lambda.ts';
import { localProviders } from './local-providers.ts';

export interface LocalClusterOptions {
  readonly table: Table;
  readonly kafka: KafkaClient;
  readonly plugins: readonly Plugin[];
  readonly cadence: CadencePolicy;
  /** Properties of the worker as Connect has them. */
  readonly workerConfig?: ConnectorConfig;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly clock?: Clock;
}

/** One process, one tick after another: heartbeats and leases can be short, and a pause is seen at once. */
const localTiming: Timing = {
  ...lambdaTiming,
  leaseMs: 15_000,
  reinvokeAfterMs: 5_000,
  retryMinMs: 1_000,
  retryMaxMs: 30_000,
  lockMs: 10_000,
};
const localWorkerTiming = {
  ...lambdaWorkerTiming,
  heartbeatMs: 1_000,
  abandonMs: 12_000,
  standbyPollMs: 200,
  maxFlushIntervalMs: 2_000,
  commitWriteMs: 0,
};
const timeoutMs = 900_000;

/** The whole of Sluice in one process: coordinator, worker and herder over the given table and Kafka. */
export class LocalCluster {
  readonly state: ClusterState;
  readonly registry: PluginRegistry;
  readonly herder: Herder;
  readonly offsets: ConnectorOffsets;
  readonly #lambda: InProcessLambda;
  readonly #coordinator: CoordinatorDeps;
  readonly #stop = new AbortController();

  constructor(options: LocalClusterOptions) {
    const { table, kafka, plugins, cadence, workerConfig = {}, environment, log } = options;
    const clock = options.clock ?? systemClock;
    this.state = clusterState(table);
    this.registry = new PluginRegistry(plugins);
    const shared = { state: this.state, clock, random: systemRandom, log, cadence };
    const worker: WorkerDeps = {
      ...shared,
      kafka: async () => kafka,
      registry: this.registry,
      providers: localProviders(environment, log),
      workerConfig,
      timing: localWorkerTiming,
    };
    this.#lambda = new InProcessLambda({ worker, timeoutMs, stop: this.#stop.signal });
    this.#coordinator = { ...shared, invoker: this.#lambda, timing: localTiming };
    this.offsets = new ConnectorOffsets({ state: this.state, invoker: this.#lambda, clock });
    this.herder = new Herder({
      state: this.state,
      registry: this.registry,
      clock,
      random: systemRandom,
      workerConfig,
      nudge: async () => undefined,
    });
  }

  /** Creates the connector or gives it this config; STOPPED and PAUSED ones stay so. */
  async put(name: string, config: ConnectorConfig): Promise<void> {
    await this.herder.put(name, config, { worker: { functionName: 'local', version: 'local' } });
  }

  /**
   * Begins anew where the last session ended. Its runs are declared dead: the folder of the state is locked by this
   * process, so none of them can be alive. What had failed is tried again, as when a Connect worker is started.
   */
  async resumeLastSession(name: string): Promise<void> {
    const { runs, tasks } = await this.state.snapshot(name);
    for (const run of runs.filter(isLive)) {
      await this.state.runs.declareDead(
        run,
        { reason: 'UNRESPONSIVE', retriable: true, error: 'The process was ended' },
        this.#coordinator.clock.now(),
      );
    }
    const lastEpoch = Math.max(0, ...runs.map(({ epoch }) => epoch));
    const unwell = tasks.filter(
      ({ task, trace }) => trace !== undefined || runs.some((r) => isLive(r) && r.task === task),
    );
    for (const task of unwell) await this.state.tasks.restart(task, lastEpoch);
  }

  async tick(names: readonly string[]): Promise<void> {
    await tick(this.#coordinator, names);
  }

  async status(names: readonly string[]): Promise<ConnectorStatus[]> {
    const connectors = await Promise.all(names.map((name) => this.state.connectors.get(name)));
    return Promise.all(
      connectors
        .filter((c) => c !== undefined)
        .map((connector) => connectorStatus(connector, this.state, this.#coordinator.clock.now())),
    );
  }

  /** Orderly end: every run drains, commits and releases its task. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#lambda.idle();
  }
}
