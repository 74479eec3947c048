import type { ConnectorConfig } from '../api/config.ts';
import type { Plugin } from '../api/connector.ts';
import { ConfigError } from '../api/errors.ts';
import type { ConnectRecord, SinkRecord, SourceRecord } from '../api/record.ts';
import { silentLogger } from '../foundation/logger.ts';
import { seededRandom } from '../foundation/random.ts';
import { bundledPlugins } from '../plugins/bundled.ts';
import { PluginRegistry } from '../plugins/registry.ts';
import { requireValidConfig } from '../plugins/require-valid-config.ts';
import type { Failure, Journey } from '../preview/journey.ts';
import { type PlainRecord, plainRecord } from '../preview/plain-record.ts';
import { plainBytes } from '../preview/plain-value.ts';
import {
  type TracedPipelineOptions,
  TracedSinkPipeline,
  TracedSourcePipeline,
} from '../preview/traced-pipelines.ts';
import { hurriedClock } from './hurried-clock.ts';
import { type KafkaMessage, toBytes, toKafkaHeaders, toText } from './kafka-messages.ts';

export interface PipelineOptions {
  /** Plugins of your own beside the bundled ones. */
  readonly plugins?: readonly Plugin[];
  /** Worker-level settings, such as converters for connectors without their own. */
  readonly workerConfig?: ConnectorConfig;
}

/** A transformation answered null. */
export interface DroppedRecord {
  readonly outcome: 'dropped';
  /** Its alias in `transforms`, and its class. */
  readonly by: { readonly alias: string; readonly class: string };
}

/** `failure.tolerated`: `errors.tolerance` skips the record; otherwise the task fails here. */
export interface FailedOutcome {
  readonly outcome: 'failed';
  readonly failure: Failure;
}

/** What would be sent to Kafka. */
export interface ProducedOutcome extends PlainRecord {
  readonly outcome: 'produced';
  /** What stands in Kafka, as text. */
  readonly kafka: {
    readonly key: string | null;
    readonly value: string | null;
    readonly headers: readonly { readonly key: string; readonly value: string | null }[];
  };
  readonly bytes: { readonly key: Uint8Array | null; readonly value: Uint8Array | null };
  /** After the transformations, with its schemas. */
  readonly record: SourceRecord;
}

/** What `put` would be given. */
export interface DeliveredOutcome extends PlainRecord {
  readonly outcome: 'delivered';
  /** With its schemas. */
  readonly record: SinkRecord;
}

export type SourceOutcome = ProducedOutcome | DroppedRecord | FailedOutcome;
export type SinkOutcome = DeliveredOutcome | DroppedRecord | FailedOutcome;

/** A record as a source task emits it; its place in the source may be left out. */
export type EmittedRecord = ConnectRecord & Partial<Pick<SourceRecord, 'sourcePartition' | 'sourceOffset'>>;

export interface SourcePipelineUnderTest {
  apply(record: EmittedRecord): Promise<SourceOutcome>;
  /** One outcome a record, in order. */
  run(records: readonly EmittedRecord[]): Promise<SourceOutcome[]>;
}

export interface SinkPipelineUnderTest {
  apply(message: KafkaMessage & { readonly topic: string; readonly offset?: number }): Promise<SinkOutcome>;
  /** Messages of one topic, with offsets from 0; one outcome a message, in order. */
  run(topic: string, messages: readonly KafkaMessage[]): Promise<SinkOutcome[]>;
}

/**
 * Transformations and converters of a source's config, run by the worker's own code: record → transformations →
 * converters. Without `connector.class` only they are checked. Throws a ConfigError with every error of the config.
 * Placeholders such as `${env:NAME}` are not resolved.
 */
export function sourcePipeline(
  config: ConnectorConfig,
  options: PipelineOptions = {},
): SourcePipelineUnderTest {
  const pipeline = new TracedSourcePipeline(tracedOptions('source', config, options));
  const apply = async (record: EmittedRecord): Promise<SourceOutcome> => {
    const { end } = await pipeline.follow({ sourcePartition: {}, sourceOffset: {}, ...record });
    if (end.outcome !== 'passed') return stopped(end);
    const { key, value, headers = [] } = end.result;
    return {
      outcome: 'produced',
      ...plainRecord(end.record),
      kafka: {
        key: toText(key),
        value: toText(value),
        headers: headers.map((header) => ({ key: header.key, value: toText(header.value) })),
      },
      bytes: { key: key && plainBytes(key), value: value && plainBytes(value) },
      record: end.record,
    };
  };
  return { apply, run: (records) => inOrder(records, apply) };
}

/** The same for a sink: bytes in Kafka → converters → transformations. */
export function sinkPipeline(config: ConnectorConfig, options: PipelineOptions = {}): SinkPipelineUnderTest {
  const pipeline = new TracedSinkPipeline(tracedOptions('sink', config, options));
  const apply: SinkPipelineUnderTest['apply'] = async ({ topic, partition = 0, offset = 0, ...message }) => {
    const { end } = await pipeline.follow(topic, partition, {
      offset: BigInt(offset),
      timestamp: message.timestamp ?? -1,
      timestampType: message.timestamp === undefined ? 'NoTimestampType' : 'CreateTime',
      key: toBytes(message.key),
      value: toBytes(message.value),
      headers: toKafkaHeaders(message.headers),
    });
    if (end.outcome !== 'passed') return stopped(end);
    return { outcome: 'delivered', ...plainRecord(end.record), record: end.record };
  };
  const run: SinkPipelineUnderTest['run'] = (topic, messages) =>
    inOrder([...messages.entries()], ([offset, message]) => apply({ ...message, topic, offset }));
  return { apply, run };
}

function tracedOptions(
  kind: 'source' | 'sink',
  config: ConnectorConfig,
  { plugins = [], workerConfig = {} }: PipelineOptions,
): TracedPipelineOptions {
  const registry = new PluginRegistry([...bundledPlugins, ...plugins]);
  if (config['connector.class'] !== undefined) {
    const { type } = requireValidConfig(config['name'] ?? 'under-test', config, registry);
    if (type !== kind)
      throw new ConfigError(`${config['connector.class']} is a ${type}, not a ${kind}`, {
        hint: `Use ${type}Pipeline(…).`,
      });
  }
  // Retries of errors.retry.* take no time.
  return {
    config,
    workerConfig,
    registry,
    log: silentLogger,
    clock: hurriedClock(),
    random: seededRandom(1),
  };
}

const stopped = (
  end: Exclude<Journey<ConnectRecord, unknown>['end'], { outcome: 'passed' }>,
): DroppedRecord | FailedOutcome =>
  end.outcome === 'failed' ? end : { outcome: 'dropped', by: { alias: end.by.alias, class: end.by.class } };

/** One after another: a transformation may keep state. */
async function inOrder<T, R>(items: readonly T[], apply: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await apply(item));
  return results;
}
