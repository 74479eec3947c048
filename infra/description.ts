import { Token } from 'aws-cdk-lib';
import type { ConnectorConfig } from '../lib/api/config.ts';

/**
 * What a connector moves, for the console's list of functions: `JdbcSource -> topics shop-*`.
 * In ASCII: CloudFormation shows other characters as question marks.
 */
export function describeConnector(
  type: 'source' | 'sink',
  className: string,
  config: ConnectorConfig,
): string {
  const simple = className.slice(className.lastIndexOf('.') + 1).replace(/Connector$/, '');
  const topics = topicsOf(config);
  return type === 'source' ? `${simple} -> ${topics}` : `${topics} -> ${simple}`;
}

function topicsOf(config: ConnectorConfig): string {
  const known = (key: string): string | undefined =>
    Token.isUnresolved(config[key]) ? undefined : config[key]?.trim() || undefined;
  const topics = known('topics') ?? known('topic');
  if (topics !== undefined) return `${topics.includes(',') ? 'topics' : 'topic'} ${topics}`;
  const regex = known('topics.regex');
  if (regex !== undefined) return `topics matching ${regex}`;
  const prefix = known('topic.prefix');
  return prefix === undefined ? 'Kafka' : `topics ${prefix}*`;
}
