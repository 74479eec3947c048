import { ConfigDef, type ConfigKey, type ConfigKeys, type ConfigValue } from '../api/config-def.ts';
import type { ConnectorConfig } from '../api/config.ts';
import type { ConnectorPlugin } from '../api/connector.ts';
import { toConnectError } from '../api/errors.ts';
import { suggestKey } from '../api/config-def/suggest-key.ts';
import { listOf, withPrefix } from '../pipeline/config-prefix.ts';
import { connectorConfig, sinkConfig, sourceConfig } from './common-config.ts';
import { lambdaConfig } from './lambda-config.ts';
import type { PluginRegistry } from './registry.ts';

export interface ValidatedEntry {
  readonly name: string;
  /** Null for a value without a known key. */
  readonly definition: ConfigKey | null;
  readonly value: ConfigValue;
}

/** Connect's ConfigInfos, before it is put into wire form: every error at once. */
export interface ConfigValidation {
  readonly class: string;
  readonly type: 'source' | 'sink';
  readonly errorCount: number;
  readonly configs: readonly ValidatedEntry[];
  /** Keys that nothing reads, with the key that was probably meant. Not errors: Connect passes them through. */
  readonly unknownKeys: readonly { readonly key: string; readonly suggestion?: string }[];
}

/**
 * Validates a connector's config: the framework's keys, the connector's own, and those of its transformations,
 * predicates and converters. The one validation behind REST, CLI, `cdk synth` and the herder. Throws only when
 * `connector.class` names no known plugin.
 */
export function validateConnectorConfig(config: ConnectorConfig, registry: PluginRegistry): ConfigValidation {
  const plugin = registry.connector(config['connector.class'] ?? '');
  const keys = keysOf(plugin);
  const extra = new Map<string, ConfigKey>();
  const values: ConfigValue[] = [...new ConfigDef(keys).validate(config)];
  for (const part of pluginParts(config, registry)) {
    for (const [name, key] of Object.entries(part.keys)) extra.set(part.prefix + name, key);
    values.push(...part.values);
  }
  const checked = addErrors(values, crossChecks(config, plugin));
  const configs = checked.map((value) => ({
    name: value.name,
    definition: keys[value.name] ?? extra.get(value.name) ?? null,
    value,
  }));
  return {
    class: plugin.class,
    type: plugin.kind,
    errorCount: configs.reduce((count, entry) => count + entry.value.errors.length, 0),
    configs,
    unknownKeys: unknownKeys(config, new Set(configs.map((entry) => entry.name))),
  };
}

/** Every key a connector's config may have, the connector's own definition winning over the framework's. */
export const keysOf = (plugin: ConnectorPlugin): ConfigKeys => ({
  ...connectorConfig,
  ...(plugin.kind === 'source' ? sourceConfig : sinkConfig),
  ...lambdaConfig,
  ...plugin.configDef.keys,
});

interface Part {
  readonly prefix: string;
  readonly keys: ConfigKeys;
  readonly values: readonly ConfigValue[];
}

function pluginParts(config: ConnectorConfig, registry: PluginRegistry): Part[] {
  const step = (prefix: string, find: (name: string) => { configDef: ConfigDef }): Part =>
    part(config, { prefix, nameKey: `${prefix}type`, find });
  return [
    ...listOf(config['transforms']).map((alias) =>
      step(`transforms.${alias}.`, (name) => registry.transformation(name)),
    ),
    ...listOf(config['predicates']).map((alias) =>
      step(`predicates.${alias}.`, (name) => registry.predicate(name)),
    ),
    ...(['key.converter', 'value.converter'] as const)
      .filter((role) => config[role] !== undefined)
      .map((role) =>
        part(config, { prefix: `${role}.`, nameKey: role, find: (name) => registry.converter(name) }),
      ),
  ];
}

interface PartSpec {
  readonly prefix: string;
  /** The key that names the plugin's class. */
  readonly nameKey: string;
  readonly find: (name: string) => { configDef: ConfigDef };
}

function part(config: ConnectorConfig, { prefix, nameKey, find }: PartSpec): Part {
  const name = config[nameKey];
  const isStep = nameKey.startsWith(prefix);
  if (name === undefined) {
    return {
      prefix,
      keys: {},
      values: [
        value(nameKey, null, [`Missing required configuration "${nameKey}" which has no default value.`]),
      ],
    };
  }
  try {
    const { configDef } = find(name);
    const options = withPrefix(config, prefix);
    const own = configDef.validate(options).map((v) => ({ ...v, name: prefix + v.name }));
    const steps = !isStep
      ? []
      : [
          value(nameKey, name, []),
          ...['predicate', 'negate'].map((key) => value(prefix + key, config[prefix + key] ?? null, [])),
        ];
    return { prefix, keys: configDef.keys, values: [...steps, ...own] };
  } catch (error) {
    const { message, hint } = toConnectError(error);
    return {
      prefix,
      keys: {},
      values: [
        value(nameKey, name, [
          `Invalid value ${name} for configuration ${nameKey}: ${message}${hint ? ` (${hint})` : ''}`,
        ]),
      ],
    };
  }
}

const value = (name: string, parsed: unknown, errors: readonly string[]): ConfigValue => ({
  name,
  value: parsed,
  recommendedValues: [],
  errors,
  visible: true,
});

/** What no single key can say. */
function crossChecks(config: ConnectorConfig, plugin: ConnectorPlugin): Map<string, string> {
  const errors = new Map<string, string>();
  if (plugin.kind === 'source') {
    if (config['exactly.once.support']?.trim().toLowerCase() === 'required') {
      errors.set('exactly.once.support', 'This worker does not have exactly-once source support enabled.');
    }
    return errors;
  }
  const hasTopics = (config['topics'] ?? '').trim() !== '';
  const hasRegex = (config['topics.regex'] ?? '').trim() !== '';
  if (hasTopics && hasRegex) {
    const message = 'topics and topics.regex are mutually exclusive options, but both are set.';
    errors.set('topics', message).set('topics.regex', message);
  } else if (!hasTopics && !hasRegex) {
    errors
      .set('topics', 'Must configure one of topics or topics.regex')
      .set('topics.regex', 'Must configure one of topics or topics.regex');
  }
  const deadLetters = config['errors.deadletterqueue.topic.name']?.trim();
  if (deadLetters !== undefined && deadLetters !== '' && listOf(config['topics']).includes(deadLetters)) {
    errors.set(
      'topics',
      `The DLQ topic '${deadLetters}' may not be included in the list of topics ('topics=[${listOf(config['topics']).join(', ')}]') consumed by the connector`,
    );
  }
  return errors;
}

const addErrors = (values: readonly ConfigValue[], errors: ReadonlyMap<string, string>): ConfigValue[] =>
  values.map((v) => {
    const error = errors.get(v.name);
    return error === undefined ? v : { ...v, errors: [...v.errors, error] };
  });

const openPrefixes = [
  'producer.override.',
  'consumer.override.',
  'admin.override.',
  'topic.creation.',
  'header.converter.',
  'key.converter.',
  'value.converter.',
];

function unknownKeys(config: ConnectorConfig, known: ReadonlySet<string>): ConfigValidation['unknownKeys'] {
  return Object.keys(config)
    .filter((key) => !known.has(key) && !openPrefixes.some((prefix) => key.startsWith(prefix)))
    .map((key) => {
      const suggestion = suggestKey(key, [...known]);
      return suggestion === undefined ? { key } : { key, suggestion };
    });
}
