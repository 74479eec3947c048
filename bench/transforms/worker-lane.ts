import type { Serialized } from '../../lib/api/converter.ts';
import { noHeaders } from '../../lib/api/headers.ts';
import type { SinkRecord, SourceRecord } from '../../lib/api/record.ts';
import { errorHandling } from '../../lib/errors/error-handling.ts';
import { systemClock } from '../../lib/foundation/clock.ts';
import { silentLogger } from '../../lib/foundation/logger.ts';
import { systemRandom } from '../../lib/foundation/random.ts';
import type { KafkaRecord } from '../../lib/kafka/ports.ts';
import { createConverters } from '../../lib/pipeline/converters.ts';
import { SinkPipeline } from '../../lib/pipeline/sink-pipeline.ts';
import { SourcePipeline } from '../../lib/pipeline/source-pipeline.ts';
import { createTransformationChain, TransformationChain } from '../../lib/pipeline/transformation-chain.ts';
import { bundledPlugins } from '../../lib/plugins/bundled.ts';
import { PluginRegistry } from '../../lib/plugins/registry.ts';

/** Moves `count` of the records, over and over from the first on; resolves with the bytes it wrote. */
export type Lane = (count: number) => Promise<number>;
export type CaseConfig = Readonly<Record<string, string>>;

/** As a worker hands them on: what one poll of a consumer returns at most. */
const batchSize = 500;
const topic = 'orders';

/** The worker's own path: a sink task's pipeline, and behind it a source task's with the transformations. */
export function workerLane(values: readonly Uint8Array[], config: CaseConfig): Lane {
  const registry = new PluginRegistry(bundledPlugins);
  const converters = createConverters(config, {}, registry);
  const errors = errorHandling({
    config,
    connector: 'bench',
    task: 0,
    log: silentLogger,
    clock: systemClock,
    random: systemRandom,
  });
  const reading = new SinkPipeline(new TransformationChain([]), converters, errors);
  const writing = new SourcePipeline(createTransformationChain(config, registry), converters, errors);
  const records = values.map(kafkaRecord);
  return async (count) => {
    let bytes = 0;
    for (let done = 0; done < count; ) {
      const from = done % records.length;
      const batch = records.slice(from, from + Math.min(batchSize, count - done));
      const read = await reading.process(topic, 0, batch);
      const { converted, failure } = await writing.process(read.map(sourceRecord));
      if (failure !== undefined) throw failure.error;
      for (const written of converted) bytes += encoded(written?.value ?? null);
      done += batch.length;
    }
    return bytes;
  };
}

/** Larger than any record here: where a batch would be built. */
const room = Buffer.alloc(1_000_000);

/** Text is encoded where it is needed, as a producer does it; answers the bytes. */
const encoded = (value: Serialized): number =>
  typeof value === 'string' ? room.write(value) : (value?.length ?? 0);

/** Bytes → Connect data. */
export function readLane(values: readonly Uint8Array[], config: CaseConfig): Lane {
  const { value: converter } = createConverters(config, {}, new PluginRegistry(bundledPlugins));
  return each(values, (bytes) => {
    converter.toConnectData(topic, bytes);
    return bytes.length;
  });
}

/** Connect data → bytes. */
export function writeLane(values: readonly Uint8Array[], config: CaseConfig): Lane {
  const { value: converter } = createConverters(config, {}, new PluginRegistry(bundledPlugins));
  const read = values.map((bytes) => converter.toConnectData(topic, bytes));
  return each(read, ({ schema, value }) => converter.fromConnectData(topic, schema, value)?.length ?? 0);
}

/** `step` on one item after the other. */
export function each<T>(items: readonly T[], step: (item: T) => number): Lane {
  return (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += step(items[i % items.length] as T);
    return Promise.resolve(sum);
  };
}

const kafkaRecord = (value: Uint8Array, i: number): KafkaRecord => ({
  offset: BigInt(i),
  timestamp: 1_767_225_600_000 + i,
  timestampType: 'CreateTime',
  key: null,
  value,
  headers: noHeaders as KafkaRecord['headers'],
});

const partition = { topic };

/** What a task that copies one topic to another would emit. */
const sourceRecord = ({
  key,
  keySchema,
  value,
  valueSchema,
  timestamp,
  kafkaOffset,
}: SinkRecord): SourceRecord => ({
  topic: 'copy',
  key: key ?? null,
  keySchema: keySchema ?? null,
  value: value ?? null,
  valueSchema: valueSchema ?? null,
  timestamp: timestamp ?? null,
  sourcePartition: partition,
  sourceOffset: { offset: kafkaOffset },
});
