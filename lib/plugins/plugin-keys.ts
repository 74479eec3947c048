import type { ConfigKeys } from '../api/config-def.ts';
import type { Plugin } from '../api/connector.ts';
import { ownKeys } from './converter-part.ts';
import { frameworkKeys } from './framework-keys.ts';
import { isA } from './plugin-interfaces.ts';
import { sluiceKeys } from './sluice-keys.ts';

/** All keys of a plugin: its own first, then, for a connector, the framework's it does not define, Sluice's last. */
export function pluginKeys(plugin: Plugin): ConfigKeys {
  const own = ownKeys(plugin);
  if (!isA(plugin, 'Connector')) return own;
  return { ...own, ...frameworkKeys(plugin), ...sluiceKeys(plugin.kind), ...own };
}
