import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { OffsetMap } from '../../../lib/api/record.ts';
import { Herder } from '../../../lib/coordinator/herder.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { MemoryClient } from '../../../lib/kafka/memory/memory-client.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { MemoryCluster } from '../../../lib/testing/memory-cluster.ts';
import { RealWorkWatch } from '../../../lib/testing/real-work.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import {
  alterLoggedOffsets,
  type OffsetChange,
} from '../../../lib/worker/exactly-once/alter-logged-offsets.ts';
import { labSource } from '../lab-plugins/lab-source.ts';

const tickMs = 500;
/** Between two actions; the recorder waited about as long. */
const settleMs = 6_000;
const worker = { functionName: 'f', version: '1' };

/** An exactly-once cluster with the plugins of the recordings, handled as the recorder handled its worker. */
export class WorkerReplay {
  readonly cluster: MemoryCluster;
  readonly #herder: Herder;
  readonly #workerConfig: ConnectorConfig;
  readonly #random = seededRandom(1);

  constructor(groupId: string, offsetsTopic: string) {
    this.#workerConfig = {
      'group.id': groupId,
      'exactly.once.source.support': 'enabled',
      'offset.storage.topic': offsetsTopic,
      'offset.storage.partitions': '1',
    };
    const work = new RealWorkWatch();
    this.cluster = new MemoryCluster({
      plugins: [...bundledPlugins, labSource].map((plugin) => work.watch(plugin)),
      cadence: { mode: 'continuous', rediscoveryMs: 3_600_000 },
      workerTiming: { heartbeatMs: 100, standbyPollMs: 100 },
      workerConfig: this.#workerConfig,
      clock: new VirtualClock(undefined, () => work.idle()),
    });
    const { state, registry, clock } = this.cluster;
    this.#herder = new Herder({
      state,
      registry,
      clock,
      random: this.#random,
      workerConfig: this.#workerConfig,
      nudge: async () => undefined,
    });
  }

  async settle(): Promise<void> {
    for (let passed = 0; passed < settleMs; passed += tickMs) await this.cluster.tick(tickMs);
  }

  async put(name: string, config: ConnectorConfig): Promise<void> {
    await this.#herder.put(name, config, { worker });
  }

  async create(
    name: string,
    config: ConnectorConfig,
    initialState: 'RUNNING' | 'PAUSED' | 'STOPPED',
  ): Promise<void> {
    await this.#herder.create(name, config, { worker, initialState });
  }

  target(name: string, state: 'RUNNING' | 'PAUSED' | 'STOPPED'): Promise<void> {
    return this.#herder.setTargetState(name, state);
  }

  restart(name: string, options: { includeTasks: boolean; onlyFailed: boolean }): Promise<void> {
    return this.#herder.restart(name, options);
  }

  delete(name: string): Promise<void> {
    return this.#herder.delete(name);
  }

  async taskCount(name: string): Promise<number> {
    return (await this.cluster.state.connectors.get(name))?.taskCount ?? 0;
  }

  /** As PATCH and DELETE of a connector's offsets do. */
  async alter(name: string, changes: readonly OffsetChange[]): Promise<void> {
    const { state, kafka, clock } = this.cluster;
    const connector = await state.connectors.get(name);
    if (connector === undefined) throw new Error(`There is no connector ${name}`);
    const epoch = await state.connectors.nextEpoch(name);
    const deps = { state, workerConfig: this.#workerConfig, clock, random: this.#random };
    await alterLoggedOffsets({ connector, epoch, changes }, new MemoryClient(kafka), deps, {
      deadline: deadlineIn(60_000, clock),
    });
  }

  /** What deleting all offsets of a connector means. */
  async reset(name: string): Promise<OffsetChange[]> {
    const stored = await this.cluster.state.offsets.list(name);
    return stored.flatMap(({ partition, offset }): OffsetChange[] =>
      offset === null ? [] : [[partition as OffsetMap, null]],
    );
  }
}
