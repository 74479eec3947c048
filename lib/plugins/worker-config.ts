import type { ConnectorConfig } from '../api/config.ts';

/** What a connector without converters of its own gets: the sample worker of Kafka Connect has the same. */
export const defaultWorkerConfig: ConnectorConfig = {
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'header.converter': 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  'connector.client.config.override.policy': 'All',
};
