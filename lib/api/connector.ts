import type { ConfigDef } from './config-def.ts';
import type { ConverterPlugin, HeaderConverterPlugin } from './converter.ts';
import type { SinkConnector, SinkTask } from './sink.ts';
import type { SourceConnector, SourceTask } from './source.ts';
import type { PredicatePlugin, TransformationPlugin } from './transform.ts';

interface ConnectorPluginBase {
  /** The class name users write in `connector.class`; simple names, with or without `Connector`, are derived. */
  readonly class: string;
  /** Further class names users know from other projects (Confluent, Aiven, Debezium). */
  readonly aliases?: readonly string[];
  readonly version: string;
  readonly configDef: ConfigDef;
  readonly status: 'stable' | 'experimental';
  /** `import.meta.url` of the file that exports the plugin: what a function bundle imports. */
  readonly module: string;
}

/**
 * A plugin is a value, registered by being listed. It must stay light: connector and task are loaded only when
 * they are needed, so that `cdk synth` and the REST API never parse a vendor client.
 */
export interface SourcePlugin extends ConnectorPluginBase {
  readonly kind: 'source';
  connector(): Promise<SourceConnector>;
  task(): Promise<SourceTask>;
}

export interface SinkPlugin extends ConnectorPluginBase {
  readonly kind: 'sink';
  connector(): Promise<SinkConnector>;
  task(): Promise<SinkTask>;
}

export type ConnectorPlugin = SourcePlugin | SinkPlugin;

export type Plugin =
  | ConnectorPlugin
  | TransformationPlugin
  | PredicatePlugin
  | ConverterPlugin
  | HeaderConverterPlugin;
