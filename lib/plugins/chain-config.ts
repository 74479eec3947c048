import { ConfigDef } from '../api/config-def.ts';
import type { ConnectorConfig } from '../api/config.ts';
import { chainKeys } from './chain-keys.ts';
import { connectorConfig } from './connector-config.ts';
import type { PluginRegistry } from './registry.ts';

/** Keys of a transformation that are the framework's, not its own. */
export const stepKeys: readonly string[] = ['type', 'plugin.version', 'predicate', 'negate'];

/**
 * Checks `transforms`, `predicates` and the options under them, and throws the first error in the order and the words
 * of Connect's ConnectorConfig, before any of the plugins is made.
 */
export function checkChainConfig(config: ConnectorConfig, registry: PluginRegistry): void {
  const { transforms, predicates } = connectorConfig;
  const keys = {
    transforms,
    predicates,
    ...chainKeys('transforms', config, registry, { strict: true }),
    ...chainKeys('predicates', config, registry, { strict: true }),
  };
  new ConfigDef(keys).parse(config);
}
