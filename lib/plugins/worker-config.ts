import type { ConnectorConfig } from '../api/config.ts';
import { ConfigError } from '../api/errors.ts';

/** What a connector without converters of its own gets: the sample worker of Kafka Connect has the same. */
export const defaultWorkerConfig: ConnectorConfig = {
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'header.converter': 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  'connector.client.config.override.policy': 'All',
};

/** Connect's worker property for exactly-once sources: with it every source is run so. `preparing` is not yet on. */
const exactlyOnceKey = 'exactly.once.source.support';
const exactlyOnceValues = ['disabled', 'preparing', 'enabled'];

/** Throws a ConfigError for a value Connect does not know. */
export function isExactlyOnceEnabled(workerConfig: ConnectorConfig): boolean {
  const value = workerConfig[exactlyOnceKey]?.trim().toLowerCase() ?? 'disabled';
  if (exactlyOnceValues.includes(value)) return value === 'enabled';
  throw ConfigError.invalid(exactlyOnceKey, value, `must be one of ${exactlyOnceValues.join(', ')}`);
}
