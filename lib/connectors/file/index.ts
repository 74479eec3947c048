import { connectVersion } from '../../api/connect-version.ts';
import type { SinkPlugin, SourcePlugin } from '../../api/connector.ts';
import { fileSinkConfig, fileSourceConfig } from './config.ts';

/** They behave as Kafka's. */
const version = connectVersion;

export const fileStreamSource = {
  kind: 'source',
  class: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  version,
  status: 'stable',
  module: import.meta.url,
  configDef: fileSourceConfig,
  connector: async () => new (await import('./source.ts')).FileStreamSourceConnector(),
  task: async () => new (await import('./source.ts')).FileStreamSourceTask(),
} satisfies SourcePlugin;

export const fileStreamSink = {
  kind: 'sink',
  class: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  version,
  status: 'stable',
  module: import.meta.url,
  configDef: fileSinkConfig,
  connector: async () => new (await import('./sink.ts')).FileStreamSinkConnector(),
  task: async () => new (await import('./sink.ts')).FileStreamSinkTask(),
} satisfies SinkPlugin;
