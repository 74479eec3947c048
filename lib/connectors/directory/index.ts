import type { SinkPlugin } from '../../api/connector.ts';
import { directorySinkConfig } from './config.ts';

export const directorySink = {
  kind: 'sink',
  class: 'io.sluice.connect.directory.DirectorySinkConnector',
  version: '0.1.0',
  status: 'stable',
  module: import.meta.url,
  configDef: directorySinkConfig,
  connector: async () => new (await import('./sink.ts')).DirectorySinkConnector(),
  task: async () => new (await import('./sink.ts')).DirectorySinkTask(),
} satisfies SinkPlugin;
