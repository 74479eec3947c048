import type { Plugin } from '../api/connector.ts';
import { directorySink } from '../connectors/directory/index.ts';
import { fileStreamSink, fileStreamSource } from '../connectors/file/index.ts';
import { jdbcSource } from '../connectors/jdbc/index.ts';
import { converterPlugins } from '../converters/index.ts';
import { predicatePlugins, transformationPlugins } from '../transforms/index.ts';

/** Every plugin that comes with Sluice. A function's bundle imports only those its connector needs. */
export const bundledPlugins: readonly Plugin[] = [
  fileStreamSource,
  fileStreamSink,
  jdbcSource,
  directorySink,
  ...transformationPlugins,
  ...predicatePlugins,
  ...converterPlugins,
];
