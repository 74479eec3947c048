import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { SinkPlugin } from '../../../lib/api/connector.ts';
import type { SinkOffsets, SinkTaskContext } from '../../../lib/api/context.ts';
import { DataError, RetriableError } from '../../../lib/api/errors.ts';
import type { SinkRecord } from '../../../lib/api/record.ts';
import type { SinkTask } from '../../../lib/api/sink.ts';
import { topicPartition, type TopicPartition } from '../../../lib/api/topic-partition.ts';
import type { Weather } from '../faults/weather.ts';
import { type Actor, actorOf } from './actor.ts';
import type { Systems } from './systems.ts';

/** `put` writes at once; `flush` and `preCommit` write what was put before; preCommit may keep a part for later. */
export const sinkStyles = ['put', 'flush', 'preCommit'] as const;
export type SinkStyle = (typeof sinkStyles)[number];

export interface SinkWorld {
  readonly systems: Systems;
  readonly weather: Weather;
  /** How many of `count` records the target takes when it takes only a part. */
  readonly part: (count: number) => number;
  /** Told what the system was given, and what the task answered to preCommit. */
  readonly delivered: (by: Actor, partition: TopicPartition, offset: bigint) => void;
  readonly promised: (by: Actor, offsets: SinkOffsets) => void;
}

const partitionOf = (record: SinkRecord): TopicPartition =>
  topicPartition(record.originalTopic, record.originalKafkaPartition);

/** A sink into a system that keeps what it was given by topic-partition and offset. */
export function sinkPlugin(world: SinkWorld): SinkPlugin {
  return {
    kind: 'sink',
    class: 'sim.Sink',
    version: '1',
    status: 'stable',
    module: import.meta.url,
    configDef: new ConfigDef({
      style: {
        type: 'STRING',
        default: 'put',
        importance: 'LOW',
        doc: 'When it writes: one of `sinkStyles`.',
      },
    }),
    connector: async () => ({}),
    task: async () => sinkTask(world),
  };
}

function sinkTask(world: SinkWorld): SinkTask {
  let style: SinkStyle = 'put';
  let buffered: SinkRecord[] = [];
  return {
    start: (config) => void (style = (config['style'] ?? 'put') as SinkStyle),
    put: async (records, context) => {
      const good = await accepted(records, context);
      if (style !== 'put') return void buffered.push(...good);
      const taken = await write(world, good, context);
      if (taken < good.length) throw new RetriableError('The target took a part of the batch only');
    },
    flush: async (_offsets, context) => {
      if (style !== 'flush') return;
      const taken = await write(world, buffered, context);
      if (taken < buffered.length) throw new RetriableError('The target took a part only');
      buffered = [];
    },
    preCommit: async (offsets, context) => {
      if (style !== 'preCommit') return undefined;
      const writing = buffered;
      const taken = await write(world, writing, context);
      buffered = writing.slice(taken);
      const safe = upTo(offsets, buffered);
      world.promised(actorOf(context.clock), safe);
      return safe;
    },
    close: () => void (buffered = []),
  };
}

/** Each partition up to the first record that is still kept back. */
function upTo(offsets: SinkOffsets, keptBack: readonly SinkRecord[]): SinkOffsets {
  const safe = new Map(offsets);
  for (const record of keptBack.toReversed()) safe.set(partitionOf(record), record.originalKafkaOffset);
  return safe;
}

/** Without the records the target refuses for good: those are reported, or fail the task. Not every task waits. */
async function accepted(records: readonly SinkRecord[], context: SinkTaskContext): Promise<SinkRecord[]> {
  const good: SinkRecord[] = [];
  for (const record of records) {
    if (!String(record.value).startsWith('refuse:')) {
      good.push(record);
      continue;
    }
    const error = new DataError('The target refuses this record');
    if (context.errantRecordReporter === null) throw error;
    const report = context.errantRecordReporter.report(record, error);
    if (record.originalKafkaOffset % 2n === 0n) await report;
    else report.catch(() => undefined); // The runner waits for it, and fails the put with its error.
  }
  return good;
}

/** Answers how many of the records, from the first one on, are now in the system. */
function write(
  { systems, weather, part, delivered }: SinkWorld,
  records: readonly SinkRecord[],
  { clock, connector, signal }: SinkTaskContext,
): Promise<number> {
  if (records.length === 0) return Promise.resolve(0);
  const taken = weather.strikes('sink takes a part') ? part(records.length) : records.length;
  const actor = actorOf(clock);
  return systems.call(actor, 'store records', signal, () => {
    for (const record of records.slice(0, taken)) {
      delivered(actor, partitionOf(record), record.originalKafkaOffset);
      systems.storedOf(connector, partitionOf(record)).set(record.originalKafkaOffset, String(record.value));
    }
    return taken;
  });
}
