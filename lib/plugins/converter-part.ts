import { ConfigDef, type ConfigKeys, type ConfigProps, type ConfigValue } from '../api/config-def.ts';
import { oneOf } from '../api/config-def/validators.ts';
import type { Plugin } from '../api/connector.ts';
import { toConnectError } from '../api/errors.ts';
import { javaHashOrder } from '../foundation/java/hash-order.ts';
import { propsWithPrefix } from '../pipeline/config-prefix.ts';
import { type ConverterRole, converterInterface } from './framework-keys.ts';
import { classParsing, requireVersion } from './plugin-classes.ts';
import { prefixedPart } from './prefixed-part.ts';
import type { PluginRegistry } from './registry.ts';
import { mergeParts, type ValidationPart, withError } from './validation.ts';

/** The key Connect's converters share: what they convert. The framework sets it. */
const converterType = {
  'converter.type': {
    type: 'STRING',
    importance: 'LOW',
    validator: oneOf('key', 'value', 'header'),
    doc: 'What the converter is used for: `key`, `value` or `header`. Set by the framework.',
  },
} as const satisfies ConfigKeys;

/** The keys of a plugin as its users see them. */
export const ownKeys = (plugin: Plugin): ConfigKeys =>
  plugin.kind === 'converter' ? { ...converterType, ...plugin.configDef.keys } : plugin.configDef.keys;

const roles: readonly ConverterRole[] = ['header.converter', 'key.converter', 'value.converter'];

interface Validated {
  /** The connector's values so far; gets the errors a version leads to. */
  readonly values: Map<string, ConfigValue>;
  readonly config: ConfigProps;
  readonly registry: PluginRegistry;
}

/** The options of the converters a connector names itself, as AbstractHerder.validateAllConverterConfigs checks them. */
export const converterPart = (validated: Validated): ValidationPart =>
  mergeParts(
    'key',
    roles.flatMap((role) => ofRole(role, validated) ?? []),
  );

function ofRole(role: ConverterRole, { values, config, registry }: Validated): ValidationPart | undefined {
  const name = config[role];
  const chosen = values.get(role);
  const version = values.get(`${role}.plugin.version`);
  if (name === null || name === undefined || chosen === undefined || version === undefined) return undefined;
  if (chosen.errors.length > 0 || version.errors.length > 0) return undefined;
  const plugin = registry.findAs(name, converterInterface[role]);
  if (plugin === undefined) return undefined;
  try {
    requireVersion(plugin, config[version.name]);
  } catch (error) {
    for (const each of [chosen, version])
      values.set(each.name, withError(each, toConnectError(error).message));
    return undefined;
  }
  const keys = ownKeys(plugin);
  const given = propsWithPrefix(config, `${role}.`);
  const options = { ...given, 'converter.type': given['converter.type'] ?? role.replace('.converter', '') };
  const found = new ConfigDef(keys).validate(options, classParsing(registry));
  const order = javaHashOrder(found.map((each) => each.name));
  return prefixedPart(
    keys,
    found.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
    `${role}.`,
  );
}
