import type { ConfigKeys } from '../api/config-def.ts';
import type { Plugin } from '../api/connector.ts';
import { ownKeys } from './converter-part.ts';
import { frameworkKeys } from './framework-keys.ts';
import { isA } from './plugin-interfaces.ts';
import { sluiceKeys } from './sluice-keys.ts';

/**
 * All keys of a plugin: its own first, then, for a connector, the framework's it does not define, Sluice's last.
 * Extensions of a Kafka Connect class are left out: clients that know the class get the keys they know.
 */
export function pluginKeys(plugin: Plugin): ConfigKeys {
  const own = withoutExtensions(ownKeys(plugin));
  if (!isA(plugin, 'Connector')) return own;
  return { ...own, ...frameworkKeys(plugin), ...sluiceKeys(plugin.kind), ...own };
}

const withoutExtensions = (keys: ConfigKeys): ConfigKeys =>
  Object.fromEntries(Object.entries(keys).filter(([, key]) => key.extension !== true));
