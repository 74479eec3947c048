import type { ConnectorPlugin, Plugin } from '../api/connector.ts';
import type { ConverterPlugin, HeaderConverterPlugin } from '../api/converter.ts';
import type { PredicatePlugin, TransformationPlugin } from '../api/transform.ts';

/** A plugin that can serve as `header.converter`. */
export type HeaderConverterSource = Pick<
  HeaderConverterPlugin,
  'class' | 'version' | 'configDef' | 'createHeader'
>;

/** The Java interfaces plugins stand for, by the names Connect's messages give them. */
export interface PluginInterfaces {
  readonly Connector: ConnectorPlugin;
  readonly Transformation: TransformationPlugin;
  readonly Predicate: PredicatePlugin;
  readonly Converter: ConverterPlugin;
  readonly HeaderConverter: HeaderConverterSource;
}

export type PluginInterface = keyof PluginInterfaces;

const implementations: {
  readonly [I in PluginInterface]: (plugin: Plugin) => plugin is Plugin & PluginInterfaces[I];
} = {
  Connector: (plugin): plugin is ConnectorPlugin => plugin.kind === 'source' || plugin.kind === 'sink',
  Transformation: (plugin): plugin is TransformationPlugin => plugin.kind === 'transformation',
  Predicate: (plugin): plugin is PredicatePlugin => plugin.kind === 'predicate',
  Converter: (plugin): plugin is ConverterPlugin => plugin.kind === 'converter',
  HeaderConverter: (plugin): plugin is Plugin & HeaderConverterSource =>
    plugin.kind === 'header-converter' || (plugin.kind === 'converter' && plugin.createHeader !== undefined),
};

export const isA = <I extends PluginInterface>(
  plugin: Plugin,
  wanted: I,
): plugin is Plugin & PluginInterfaces[I] => implementations[wanted](plugin);

/** Under which interfaces a plugin is listed: a converter of values may convert headers too. */
export const interfacesOf = (plugin: Plugin): PluginInterface[] =>
  (Object.keys(implementations) as PluginInterface[]).filter((name) => implementations[name](plugin));
