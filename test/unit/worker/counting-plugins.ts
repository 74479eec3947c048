import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { SinkPlugin, SourcePlugin } from '../../../lib/api/connector.ts';
import type { SinkOffsets } from '../../../lib/api/context.ts';
import type { SinkRecord } from '../../../lib/api/record.ts';

export const rows = 20;

/** Each of two parts holds the numbers 0 to 19; three are polled at a time. */
export const countingSource: SourcePlugin = {
  kind: 'source',
  class: 'test.CountingSource',
  version: '1',
  status: 'stable',
  module: import.meta.url,
  configDef: new ConfigDef({}),
  connector: async () => ({ taskConfigs: () => [{ part: 'a' }, { part: 'b' }] }),
  task: async () => {
    let next = 0;
    const partition = { part: '' };
    return {
      start: async ({ part = '' }, { offsets }) => {
        partition.part = part;
        next = Number((await offsets.get(partition))?.['next'] ?? 0);
      },
      poll: () => {
        const batch = Array.from({ length: Math.min(3, rows - next) }, (_, i) => next + i);
        next += batch.length;
        return batch.map((n) => ({
          sourcePartition: partition,
          sourceOffset: { next: n + 1 },
          topic: 'numbers',
          kafkaPartition: 0,
          value: `${partition.part}${n}`,
        }));
      },
    };
  },
};

/** Buffers what is put and makes it durable when offsets are about to be committed. */
export function collectingSink(store: string[]): SinkPlugin {
  return {
    kind: 'sink',
    class: 'test.CollectingSink',
    version: '1',
    status: 'stable',
    module: import.meta.url,
    configDef: new ConfigDef({}),
    connector: async () => ({}),
    task: async () => {
      let buffered: SinkRecord[] = [];
      return {
        put: (records) => void buffered.push(...records),
        preCommit: (offsets: SinkOffsets) => {
          store.push(...buffered.map((record) => String(record.value)));
          buffered = [];
          return offsets;
        },
      };
    },
  };
}
