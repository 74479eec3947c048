import { ConnectError, toConnectError } from '../../api/errors.ts';
import type { Plugin } from '../../api/connector.ts';
import { classNamed, requireVersion } from '../../plugins/plugin-classes.ts';
import { pluginKeys } from '../../plugins/plugin-keys.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import { VersionRange } from '../../plugins/version-range.ts';
import { configKeyInfo } from '../config-infos.ts';
import type { Route } from '../request.ts';

/** `GET /connector-plugins/{plugin}/config[?version=…]`: the definition of one plugin of any kind. */
export const pluginConfigRoutes = (registry: PluginRegistry): Route[] => [
  {
    method: 'GET',
    path: '/connector-plugins/{plugin}/config',
    handle: async ({ params, query }) => {
      const version = query.get('version') ?? 'latest';
      checkRange(version);
      const plugin = pluginNamed(registry, params['plugin'] ?? '');
      asBadRequest(() => requireVersion(plugin, version));
      return { json: Object.entries(pluginKeys(plugin)).map(([name, key]) => configKeyInfo(name, key)) };
    },
  },
];

function checkRange(version: string): void {
  try {
    VersionRange.parse(version);
  } catch (error) {
    throw new ConnectError(`Invalid version specification: ${version}`, {
      code: 'BAD_REQUEST',
      cause: error,
    });
  }
}

function pluginNamed(registry: PluginRegistry, name: string): Plugin {
  const plugin = registry.find(name);
  if (plugin !== undefined) return plugin;
  // A class that is there but is no plugin: Connect fails on making one of it.
  if (classNamed(registry, name) !== undefined) throw new ConnectError('Instantiation error');
  throw new ConnectError(`Unknown plugin ${name}.`, {
    code: 'NOT_FOUND',
    hint: 'GET /connector-plugins?connectorsOnly=false lists what there is.',
  });
}

function asBadRequest(check: () => void): void {
  try {
    check();
  } catch (thrown) {
    const error = toConnectError(thrown);
    throw new ConnectError(error.message, {
      code: 'BAD_REQUEST',
      cause: error,
      ...(error.hint !== undefined && { hint: error.hint }),
    });
  }
}
