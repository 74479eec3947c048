import { ConfigDef } from '../../lib/api/config-def.ts';
import type { SourcePlugin } from '../../lib/api/connector.ts';
import type { CadencePolicy } from '../../lib/coordinator/schedule.ts';
import { bundledPlugins } from '../../lib/plugins/bundled.ts';
import { countingTable } from '../../lib/local/counting-table.ts';
import { MemoryCluster } from '../../lib/testing/memory-cluster.ts';

export interface TaskFigures {
  readonly what: string;
  readonly readsAMinute: number;
  readonly writesAMinute: number;
}

const text = 'org.apache.kafka.connect.storage.StringConverter';
const minutes = 14;

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
    partitions: String(partitions),
  });
  await cluster.minutes(1);
  let reads = 0;
  let writes = 0;
  for (let minute = 0; minute < minutes; minute++) {
    const runs: ReturnType<typeof countingTable>[] = [];
    if (mode === 'drain' || minute === 0) {
      cluster.mortality = (world) => {
        const counted = countingTable(world.table);
        runs.push(counted);
        return { ...world, table: counted.table };
      };
    }
    if (mode === 'continuous' && minute === 0) {
      // The run at work is ended, so that the one that is counted begins.
      await cluster.state.connectors.setTargetState('c', 'PAUSED', cluster.clock.now());
      await cluster.minutes(2);
      await cluster.state.connectors.setTargetState('c', 'RUNNING', cluster.clock.now());
      await cluster.minutes(1);
      const before = runs.reduce((sum, { counts }) => sum + counts.writes, 0);
      const beforeReads = runs.reduce((sum, { counts }) => sum + counts.reads, 0);
      await cluster.minutes(10);
      const [counted] = runs;
      return {
        what,
        readsAMinute: ((counted?.counts.reads ?? 0) - beforeReads) / 10,
        writesAMinute: ((counted?.counts.writes ?? 0) - before) / 10,
      };
    }
    await cluster.minutes(1);
    for (const { counts } of runs) {
      reads += counts.reads;
      writes += counts.writes;
    }
  }
  return { what, readsAMinute: reads / minutes, writesAMinute: writes / minutes };
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
