import {
  ConfigDef,
  type ConfigKeys,
  type ConfigProps,
  type ConfigValue,
  suggestKey,
} from '../api/config-def.ts';
import type { ConnectorConfig } from '../api/config.ts';
import type { ConnectorPlugin } from '../api/connector.ts';
import { ConfigError, toConnectError } from '../api/errors.ts';
import { javaHashOrder } from '../foundation/java/hash-order.ts';
import { chainKeys } from './chain-keys.ts';
import { clientOverridePart } from './client-override-part.ts';
import { converterPart } from './converter-part.ts';
import { enrichedFrameworkKeys, ofEveryConnector } from './framework-keys.ts';
import { classParsing, requireVersion } from './plugin-classes.ts';
import type { PluginRegistry } from './registry.ts';
import { checkSink } from './sink-checks.ts';
import type { SourceCapabilities } from './source-capabilities.ts';
import { sluiceKeys } from './sluice-keys.ts';
import { checkSource } from './source-checks.ts';
import {
  type ConfigValidation,
  errorCountOf,
  forgivePlaceholders,
  groupsOf,
  type ValidationPart,
  value,
  withError,
} from './validation.ts';
import { VersionRange } from './version-range.ts';

export interface ValidationOptions {
  /** Properties of the worker as Connect has them: `key.converter`, `group.id`, the override policy. */
  readonly workerConfig?: ConnectorConfig;
  readonly capabilities?: SourceCapabilities;
  /** True: placeholders have been resolved, and one that is left is text. Else a value with one is not judged. */
  readonly isResolved?: boolean;
}

/**
 * Validates a connector's config: the framework's keys, the connector's own, and those of its transformations,
 * predicates, converters and clients. The one validation behind REST, CLI, `cdk synth` and the herder, by the model of
 * AbstractHerder.validateConnectorConfig. Throws only when `connector.class` names no known plugin, or the version
 * wanted of it is none.
 */
export function validateConnectorConfig(
  config: ConfigProps,
  registry: PluginRegistry,
  options: ValidationOptions = {},
): ConfigValidation {
  const plugin = registry.connector(config['connector.class'] ?? '');
  // A range that is none fails the whole validation, as in Connect.
  const range = VersionRange.parse(config['connector.plugin.version']);
  const { parts, failure } =
    range === null || range.includes(plugin.version)
      ? partsOf({ plugin, config, registry, options })
      : { parts: [otherVersionPart(plugin, config, registry)], failure: undefined };
  // Sluice's own keys come last, so that everything before them is Kafka Connect's answer.
  const all = [...parts, sluicePart(plugin, config)].map((part) =>
    options.isResolved === true ? part : forgivePlaceholders(part, config),
  );
  const configs = all.flatMap((part) => part.entries);
  return {
    class: plugin.class,
    type: plugin.kind,
    errorCount: all.reduce((sum, part) => sum + errorCountOf(part), 0),
    groups: groupsOf(all),
    configs,
    ...(failure !== undefined && { failure }),
    unknownKeys: unknownKeys(config, new Set(configs.map((entry) => entry.name))),
  };
}

interface Subject {
  readonly plugin: ConnectorPlugin;
  readonly config: ConfigProps;
  readonly registry: PluginRegistry;
  readonly options: ValidationOptions;
}

function partsOf(subject: Subject): { parts: ValidationPart[]; failure: ConfigError | undefined } {
  const { plugin, config, registry } = subject;
  const { workerConfig = {}, capabilities } = subject.options;
  const parse = classParsing(registry);
  const keys = {
    ...enrichedFrameworkKeys({ plugin, config, registry, workerConfig }),
    ...chainKeys('transforms', config, registry),
    ...chainKeys('predicates', config, registry),
  };
  const values = byName(new ConfigDef(keys).validate(config, parse));
  if (plugin.kind === 'source') checkSource(values, capabilities, workerConfig);
  else checkSink(values, config, workerConfig);
  addNullErrors(values, config);
  const converters = converterPart({ values, config, registry });
  const overrides = clientOverridePart(plugin.kind, config, workerConfig);
  const own = connectorPart(keys, values, plugin.configDef.keys, plugin.configDef.validate(config, parse));
  return { parts: [own, overrides, converters], failure: overrides.failure };
}

function sluicePart({ kind }: ConnectorPlugin, config: ConfigProps): ValidationPart {
  const keys = sluiceKeys(kind);
  return connectorPart(keys, byName(new ConfigDef(keys).validate(config)), {}, []);
}

/** AbstractHerder.generateResult: what has no definition first, then every key in the order it is defined in. */
function connectorPart(
  framework: ConfigKeys,
  values: ReadonlyMap<string, ConfigValue>,
  own: ConfigKeys,
  ownValues: readonly ConfigValue[],
): ValidationPart {
  const keys = { ...framework, ...own };
  const all = new Map([...values, ...byName(ownValues)]);
  const undefinedFirst = [...javaHashOrder([...values.keys()]), ...ownValues.map((each) => each.name)].filter(
    (name) => !Object.hasOwn(keys, name),
  );
  const entries = [...undefinedFirst, ...Object.keys(keys)].flatMap((name) => {
    const found = all.get(name);
    return found === undefined ? [] : [{ name, definition: keys[name] ?? null, value: found }];
  });
  return {
    entries,
    countBy: 'message',
    groups: [...new Set(Object.values(keys).flatMap(({ group }) => group ?? []))],
  };
}

/** Of a connector that is there in another version only its common keys are checked, as in Connect. */
function otherVersionPart(
  plugin: ConnectorPlugin,
  config: ConfigProps,
  registry: PluginRegistry,
): ValidationPart {
  const keys = ofEveryConnector(plugin);
  const parse = classParsing(registry);
  const values = byName(new ConfigDef(keys).validate(config, parse));
  try {
    requireVersion(plugin, config['connector.plugin.version']);
  } catch (error) {
    const { message } = toConnectError(error);
    for (const name of ['connector.class', 'connector.plugin.version']) addError(values, name, message);
  }
  const version = values.get('connector.plugin.version');
  if (version !== undefined) values.set(version.name, { ...version, recommendedValues: [plugin.version] });
  addNullErrors(values, config);
  return connectorPart(keys, values, {}, []);
}

function addNullErrors(values: Map<string, ConfigValue>, config: ConfigProps): void {
  for (const [name, given] of Object.entries(config)) {
    if (given === null) addError(values, name, 'Null value can not be supplied as the configuration value.');
  }
}

function addError(values: Map<string, ConfigValue>, name: string, error: string): void {
  values.set(name, withError(values.get(name) ?? value(name, null), error));
}

const byName = (values: readonly ConfigValue[]): Map<string, ConfigValue> =>
  new Map(values.map((each) => [each.name, each]));

const openPrefixes = [
  'producer.override.',
  'consumer.override.',
  'admin.override.',
  'topic.creation.',
  'header.converter.',
  'key.converter.',
  'value.converter.',
];

function unknownKeys(config: ConfigProps, known: ReadonlySet<string>): ConfigValidation['unknownKeys'] {
  return Object.keys(config)
    .filter((key) => !known.has(key) && !openPrefixes.some((prefix) => key.startsWith(prefix)))
    .map((key) => {
      const suggestion = suggestKey(key, [...known]);
      return suggestion === undefined ? { key } : { key, suggestion };
    });
}
