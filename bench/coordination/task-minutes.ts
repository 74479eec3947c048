import { ConfigDef } from '../../lib/api/config-def.ts';
import type { SourcePlugin } from '../../lib/api/connector.ts';
import type { CadencePolicy } from '../../lib/coordinator/schedule.ts';
import { bundledPlugins } from '../../lib/plugins/bundled.ts';
import { countingTable, type TableCounts } from '../../lib/local/counting-table.ts';
import { MemoryCluster } from '../../lib/testing/memory-cluster.ts';

export interface TaskFigures {
  readonly what: string;
  readonly readsAMinute: number;
  readonly writesAMinute: number;
}

const text = 'org.apache.kafka.connect.storage.StringConverter';
const minutes = 10;

/** What the runs of one task do to the table in a minute, on a virtual clock. */
export async function measureTask(
  what: string,
  mode: CadencePolicy['mode'],
  partitions: number,
): Promise<TaskFigures> {
  const cluster: MemoryCluster = new MemoryCluster({
    plugins: [...bundledPlugins, source(partitions, () => cluster.clock.now())],
    cadence: { mode, rediscoveryMs: 300_000 },
  });
  cluster.kafka.createTopic({ topic: 't', partitions: 1 });
  await cluster.add('c', {
    'connector.class': 'bench.Source',
    'key.converter': text,
    'value.converter': text,
  });
  const measure = mode === 'drain' ? measureDrains : measureOneRun;
  const { reads, writes } = await measure(cluster);
  return { what, readsAMinute: reads / minutes, writesAMinute: writes / minutes };
}

/** A run a minute, each counted from beginning to end. */
async function measureDrains(cluster: MemoryCluster): Promise<TableCounts> {
  const total = { reads: 0, queries: 0, writes: 0 };
  await cluster.minutes(1);
  for (let minute = 0; minute < minutes; minute++) {
    const counted = countNextRun(cluster);
    await cluster.minutes(1);
    total.reads += counted().reads;
    total.writes += counted().writes;
  }
  return total;
}

/** Ten minutes in the middle of a run. */
async function measureOneRun(cluster: MemoryCluster): Promise<TableCounts> {
  const counted = countNextRun(cluster);
  await cluster.minutes(2);
  const before = { ...counted() };
  await cluster.minutes(minutes);
  const { reads, queries, writes } = counted();
  return {
    reads: reads - before.reads,
    queries: queries - before.queries,
    writes: writes - before.writes,
  };
}

/** Counts what the next worker process does to the table. */
function countNextRun(cluster: MemoryCluster): () => TableCounts {
  let counts: TableCounts = { reads: 0, queries: 0, writes: 0 };
  cluster.mortality = (world) => {
    const counted = countingTable(world.table);
    counts = counted.counts;
    return { ...world, table: counted.table };
  };
  return () => counts;
}

/** One record a second of each of so many source partitions; of none, nothing ever comes. */
function source(partitions: number, now: () => number): SourcePlugin {
  return {
    kind: 'source',
    class: 'bench.Source',
    version: '1',
    status: 'stable',
    module: import.meta.url,
    configDef: new ConfigDef({}),
    connector: async () => ({ taskConfigs: () => [{}] }),
    task: async () => {
      let second = 0;
      return {
        start: async (_, { offsets }) => {
          second = Number((await offsets.get({ p: 0 }))?.['second'] ?? 0);
        },
        poll: () => {
          const current = Math.floor(now() / 1_000);
          if (current <= second) return [];
          second = current;
          return Array.from({ length: partitions }, (_, p) => ({
            sourcePartition: { p },
            sourceOffset: { second },
            topic: 't',
            value: String(second),
          }));
        },
      };
    },
  };
}
