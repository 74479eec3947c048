import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { SinkPlugin, SourcePlugin } from '../../../lib/api/connector.ts';
import { DataError } from '../../../lib/api/errors.ts';
import type { SinkTask } from '../../../lib/api/sink.ts';
import type { SourceTask } from '../../../lib/api/source.ts';
import type { TransformationPlugin } from '../../../lib/api/transform.ts';

const base = {
  version: '1',
  status: 'stable',
  module: import.meta.url,
  configDef: new ConfigDef({}),
} as const;
export const sourceOf = (task: () => SourceTask): SourcePlugin => ({
  ...base,
  kind: 'source',
  class: 'test.Source',
  connector: async () => ({ taskConfigs: () => [{}] }),
  task: async () => task(),
});
export const sinkOf = (task: () => SinkTask): SinkPlugin => ({
  ...base,
  kind: 'sink',
  class: 'test.Sink',
  connector: async () => ({}),
  task: async () => task(),
});

/** Emits the given values once, so many a poll; offsets count them. */
export function emitting(
  values: readonly string[],
  hooks: Partial<SourceTask> = {},
  batchSize = 2,
): SourcePlugin {
  return sourceOf(() => {
    let next = 0;
    const partition = { p: 'a' };
    return {
      start: async (_, { offsets }) => void (next = Number((await offsets.get(partition))?.['n'] ?? 0)),
      poll: () => {
        const batch = values.slice(next, next + batchSize).map((value, i) => ({
          sourcePartition: partition,
          sourceOffset: { n: next + i + 1 },
          topic: 't',
          value,
        }));
        next += batch.length;
        return batch;
      },
      ...hooks,
    };
  });
}

/** Drops `drop`, and fails at `poison`. */
export const dropping: TransformationPlugin = {
  kind: 'transformation',
  class: 'test.Drop',
  version: '1',
  configDef: new ConfigDef({}),
  create: () => ({
    apply: (record) => {
      if (record.value === 'poison') throw new DataError('poisonous');
      return record.value === 'drop' ? null : record;
    },
  }),
};
export const withTransform = { transforms: 'd', 'transforms.d.type': 'test.Drop' };
