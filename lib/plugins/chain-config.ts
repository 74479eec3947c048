import type { ConfigDef } from '../api/config-def.ts';
import type { ConnectorConfig } from '../api/config.ts';
import { ConfigError } from '../api/errors.ts';
import { listOf, withPrefix } from '../pipeline/config-prefix.ts';
import type { PluginRegistry } from './registry.ts';

interface Configurable {
  readonly class: string;
  readonly configDef: ConfigDef;
}

/** Keys of a transformation that are the framework's, not its own. */
export const stepKeys: readonly string[] = ['type', 'predicate', 'negate'];

/**
 * Checks `transforms`, `predicates` and the options under them, and throws the first error in the order and the words
 * of Connect's ConnectorConfig, before any of the plugins is made.
 */
export function checkChainConfig(config: ConnectorConfig, registry: PluginRegistry): void {
  checkEach(config, 'transforms', (name) => registry.transformation(name));
  checkEach(config, 'predicates', (name) => registry.predicate(name));
  for (const alias of listOf(config['transforms'])) checkCondition(config, `transforms.${alias}.`);
}

const interfaces = { transforms: 'Transformation', predicates: 'Predicate' } as const;

function checkEach(
  config: ConnectorConfig,
  list: 'transforms' | 'predicates',
  find: (name: string) => Configurable,
): void {
  const aliases = listOf(config[list]);
  for (const alias of aliases) {
    const prefix = `${list}.${alias}.`;
    const type = config[`${prefix}type`];
    if (type === undefined) throw ConfigError.invalid(`${prefix}type`, null, `Not a ${interfaces[list]}`);
    find(type);
  }
  if (new Set(aliases).size < aliases.length) {
    throw ConfigError.invalid(list, `[${aliases.join(', ')}]`, 'Duplicate alias provided.');
  }
  for (const alias of aliases)
    checkOptions(config, `${list}.${alias}.`, find(config[`${list}.${alias}.type`] ?? ''));
}

function checkOptions(config: ConnectorConfig, prefix: string, { configDef }: Configurable): void {
  const options = withPrefix(config, prefix);
  const missing = Object.entries(configDef.keys).find(
    ([name, key]) => key.default === undefined && options[name] === undefined,
  );
  if (missing !== undefined) {
    throw new ConfigError(
      `Missing required configuration "${prefix}${missing[0]}" which has no default value.`,
    );
  }
  configDef.parse(options);
}

function checkCondition(config: ConnectorConfig, prefix: string): void {
  const negate = config[`${prefix}negate`];
  if (negate === undefined) return;
  if (!/^\s*(true|false)\s*$/i.test(negate)) {
    throw ConfigError.invalid(`${prefix}negate`, negate, 'Expected value to be either true or false');
  }
  if (config[`${prefix}predicate`] === undefined) {
    throw new ConfigError(
      `Config '${prefix}negate' was provided but there is no config '${prefix}predicate' defining a predicate to be negated.`,
    );
  }
}
