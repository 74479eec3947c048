import type { ConnectorConfig } from '../api/config.ts';
import { ConfigDef } from '../api/config-def.ts';
import type { SinkPlugin, SourcePlugin } from '../api/connector.ts';
import type { CadencePolicy } from '../coordinator/schedule.ts';
import { countingTable, type TableCounts } from '../local/counting-table.ts';
import { bundledPlugins } from '../plugins/bundled.ts';
import { MemoryCluster } from './memory-cluster.ts';

export interface TaskWork {
  readonly kind: 'source' | 'sink';
  readonly mode: CadencePolicy['mode'];
  /** Of the source, or of the topic the sink reads. */
  readonly partitions: number;
  /** A record a second comes in each partition; else none ever comes. */
  readonly isBusy: boolean;
  readonly config?: ConnectorConfig;
  readonly workerConfig?: ConnectorConfig;
}

const text = 'org.apache.kafka.connect.storage.StringConverter';
const converters = { 'key.converter': text, 'value.converter': text };
const topic = 'measured';

/** What the runs of one task do to the table a minute, over ten minutes of a virtual clock. */
export async function taskMinutes(work: TaskWork): Promise<{ reads: number; writes: number }> {
  const minutes = 10;
  const scene = new Scene(work);
  await scene.begin();
  const { reads, writes } = await (work.mode === 'drain' ? scene.drains(minutes) : scene.oneRun(minutes));
  return { reads: reads / minutes, writes: writes / minutes };
}

class Scene {
  readonly #work: TaskWork;
  readonly #cluster: MemoryCluster;

  constructor(work: TaskWork) {
    this.#work = work;
    const { mode, workerConfig = {} } = work;
    this.#cluster = new MemoryCluster({
      plugins: [...bundledPlugins, sink, source(work, () => this.#cluster.clock.now())],
      cadence: { mode, rediscoveryMs: 300_000 },
      workerConfig,
    });
  }

  async begin(): Promise<void> {
    const { kind, partitions, config } = this.#work;
    this.#cluster.kafka.createTopic({ topic, partitions: Math.max(1, partitions) });
    await this.#cluster.add('c', {
      'connector.class': kind === 'sink' ? sink.class : sourceClass,
      ...(kind === 'sink' ? { topics: topic } : {}),
      ...converters,
      ...config,
    });
  }

  /** A run a minute, each counted from its beginning to its end. */
  async drains(minutes: number): Promise<TableCounts> {
    const total = { reads: 0, queries: 0, writes: 0 };
    await this.#minute();
    for (let minute = 0; minute < minutes; minute++) {
      const counted = this.#countNextRun();
      await this.#minute();
      total.reads += counted().reads;
      total.writes += counted().writes;
    }
    return total;
  }

  /** In the middle of a run. */
  async oneRun(minutes: number): Promise<TableCounts> {
    const counted = this.#countNextRun();
    await this.#minute();
    await this.#minute();
    const before = { ...counted() };
    for (let minute = 0; minute < minutes; minute++) await this.#minute();
    const { reads, queries, writes } = counted();
    return {
      reads: reads - before.reads,
      queries: queries - before.queries,
      writes: writes - before.writes,
    };
  }

  async #minute(): Promise<void> {
    for (let second = 0; second < 60; second++) {
      this.#produce();
      await (second === 0 ? this.#cluster.tick(1_000) : this.#cluster.clock.advance(1_000));
    }
  }

  #produce(): void {
    const { kind, isBusy, partitions } = this.#work;
    if (kind !== 'sink' || !isBusy) return;
    for (let partition = 0; partition < partitions; partition++)
      this.#cluster.kafka.append({
        topic,
        partition,
        key: null,
        value: new Uint8Array([120]),
        timestamp: null,
      });
  }

  /** Counts what the next worker process does to the table. */
  #countNextRun(): () => TableCounts {
    let counts: TableCounts = { reads: 0, queries: 0, writes: 0 };
    this.#cluster.mortality = (world) => {
      const counted = countingTable(world.table);
      counts = counted.counts;
      return { ...world, table: counted.table };
    };
    return () => counts;
  }
}

const plugin = {
  version: '1',
  status: 'stable',
  module: import.meta.url,
  configDef: new ConfigDef({}),
} as const;

const sink: SinkPlugin = {
  ...plugin,
  kind: 'sink',
  class: 'measured.Sink',
  connector: async () => ({}),
  task: async () => ({ put: () => undefined }),
};

const sourceClass = 'measured.Source';

/** One record a second of each source partition. */
function source({ partitions, isBusy }: TaskWork, now: () => number): SourcePlugin {
  return {
    ...plugin,
    kind: 'source',
    class: sourceClass,
    connector: async () => ({ taskConfigs: () => [{}] }),
    task: async () => {
      let second = 0;
      return {
        start: async (_, { offsets }) => {
          const stored = await offsets.getAll(Array.from({ length: partitions }, (_each, p) => ({ p })));
          second = Number(stored[0]?.['second'] ?? 0);
        },
        poll: () => {
          const current = Math.floor(now() / 1_000);
          if (!isBusy || current <= second) return [];
          second = current;
          return Array.from({ length: partitions }, (_, p) => ({
            sourcePartition: { p },
            sourceOffset: { second },
            topic,
            value: String(second),
          }));
        },
      };
    },
  };
}
