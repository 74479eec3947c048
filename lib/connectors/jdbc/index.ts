import type { SourcePlugin } from '../../api/connector.ts';
import { jdbcSourceConfig } from './config.ts';

export const jdbcSource = {
  kind: 'source',
  class: 'io.confluent.connect.jdbc.JdbcSourceConnector',
  aliases: ['io.aiven.connect.jdbc.JdbcSourceConnector'],
  version: '0.1.0',
  status: 'stable',
  module: import.meta.url,
  configDef: jdbcSourceConfig,
  connector: async () => new (await import('./source.ts')).JdbcSourceConnector(),
  task: async () => new (await import('./source-task.ts')).JdbcSourceTask(),
} satisfies SourcePlugin;
