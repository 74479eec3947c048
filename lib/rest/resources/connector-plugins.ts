import type { Plugin } from '../../api/connector.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import type { Route } from '../request.ts';

/** `GET /connector-plugins[?connectorsOnly=false]`. */
export const connectorPluginsRoutes = (registry: PluginRegistry): Route[] => [
  {
    method: 'GET',
    path: '/connector-plugins',
    handle: async ({ query }) => {
      const asked = query.get('connectorsOnly');
      // Java's Boolean.valueOf: anything but "true" is false. Absent or empty is the default.
      const connectorsOnly = asked === null || asked === '' || asked.toLowerCase() === 'true';
      return { json: connectorsOnly ? connectors(registry) : [...connectors(registry), ...others(registry)] };
    },
  },
];

const connectors = (registry: PluginRegistry): unknown[] => {
  const all = registry.all('Connector');
  return (['sink', 'source'] as const).flatMap((kind) =>
    all.filter((plugin) => plugin.kind === kind).map((plugin) => info(plugin, kind)),
  );
};

/** A converter that can convert headers too is listed twice. */
const others = (registry: PluginRegistry): unknown[] => [
  ...registry.all('Transformation').map((plugin) => info(plugin, 'transformation')),
  ...registry.all('Predicate').map((plugin) => info(plugin, 'predicate')),
  ...registry.all('Converter').map((plugin) => info(plugin, 'converter')),
  ...registry.all('HeaderConverter').map((plugin) => info(plugin, 'header_converter')),
];

const info = (plugin: Pick<Plugin, 'class' | 'version'>, type: string): unknown => ({
  class: plugin.class,
  type,
  version: plugin.version,
});
