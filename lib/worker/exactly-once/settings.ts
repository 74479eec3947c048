import type { ConnectorConfig } from '../../api/config.ts';
import type { NewTopic, TransactionalOptions } from '../../kafka/ports.ts';
import { offsetsTopicName } from '../../plugins/exactly-once-names.ts';
import { producerSettings } from '../client-settings.ts';

const defaultPartitions = 25;
const defaultReplicationFactor = 3;
const defaultIntervalMs = 60_000;
/** Java's default for `transaction.timeout.ms`, which Connect leaves as it is. */
const defaultTimeoutMs = 60_000;
/** Brokers' default for the longest that may be asked for. */
const longestTimeoutMs = 900_000;

/** The offsets topic of a connector, with the settings it is created with if it is missing. */
export function offsetsTopic(config: ConnectorConfig, workerConfig: ConnectorConfig): NewTopic {
  return {
    topic: offsetsTopicName(config, workerConfig),
    partitions: Number(given(workerConfig, 'offset.storage.partitions') ?? defaultPartitions),
    replicationFactor: Number(
      given(workerConfig, 'offset.storage.replication.factor') ?? defaultReplicationFactor,
    ),
    configs: { ...topicConfigs(workerConfig), 'cleanup.policy': 'compact' },
  };
}

const prefix = 'offset.storage.';
const ofTheTopicItself = new Set(['topic', 'partitions', 'replication.factor']);

/** Connect hands every other key under the prefix to the topic. */
const topicConfigs = (workerConfig: ConnectorConfig): Record<string, string> =>
  Object.fromEntries(
    Object.entries(workerConfig).flatMap(([key, value]) => {
      const name = key.slice(prefix.length);
      return key.startsWith(prefix) && !ofTheTopicItself.has(name) ? [[name, value]] : [];
    }),
  );

/** `transaction.boundary.interval.ms`, else the worker's interval of offset commits, as in Connect. */
export const boundaryIntervalMs = (config: ConnectorConfig, workerConfig: ConnectorConfig): number =>
  Number(
    given(config, 'transaction.boundary.interval.ms') ??
      given(workerConfig, 'offset.flush.interval.ms') ??
      defaultIntervalMs,
  );

/**
 * How long a transaction may be open. Connect's default is as long as its default interval, so that a broker can
 * abort what is just about to be committed; an interval gets half a minute more here.
 */
export function transactionalOptions(
  config: ConnectorConfig,
  workerConfig: ConnectorConfig,
): TransactionalOptions {
  const { compression = 'none' } = producerSettings(config);
  const wanted = given(config, 'producer.override.transaction.timeout.ms');
  if (wanted !== undefined) return { timeoutMs: Number(wanted), compression };
  const isInterval = given(config, 'transaction.boundary')?.toLowerCase() === 'interval';
  const needed = isInterval ? boundaryIntervalMs(config, workerConfig) + 30_000 : 0;
  return { timeoutMs: Math.min(Math.max(defaultTimeoutMs, needed), longestTimeoutMs), compression };
}

function given(config: ConnectorConfig, key: string): string | undefined {
  const value = config[key]?.trim();
  return value === '' ? undefined : value;
}
