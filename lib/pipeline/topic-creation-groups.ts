import type { ConnectorConfig } from '../api/config.ts';
import { ConfigDef, type ConfigKeys, type Validator } from '../api/config-def.ts';
import { nonNull, validator } from '../api/config-def/validators.ts';
import { compileJavaRegex, type JavaRegex, JavaRegexError } from '../foundation/java/regex.ts';
import { sourceConfig } from '../plugins/source-config.ts';
import { withPrefix } from './config-prefix.ts';

/** Settings for new topics; -1 leaves a number to the broker. */
export interface TopicCreationGroup {
  readonly name: string;
  readonly include: JavaRegex;
  readonly exclude: JavaRegex;
  readonly settings: {
    readonly partitions: number;
    readonly replicationFactor: number;
    readonly configs: Readonly<Record<string, string>>;
  };
}

const prefix = 'topic.creation.';
const defaultName = 'default';

const groupsConfig = new ConfigDef({ 'topic.creation.groups': sourceConfig['topic.creation.groups'] });

/**
 * The `topic.creation.*` keys of a source (KIP-158), in the order of `topic.creation.groups`, the default group last
 * unless it is named there. Undefined when there are none, or the worker does not allow them
 * (`topic.creation.enable`). Throws a ConfigError in Connect's words.
 */
export function topicCreationGroups(
  config: ConnectorConfig,
  enabled = true,
): readonly TopicCreationGroup[] | undefined {
  const named = groupsConfig.parse(config)['topic.creation.groups'];
  if (!enabled || !Object.keys(config).some((key) => key.startsWith(prefix))) return undefined;
  // The default group takes all that is left: what it includes or excludes is ignored.
  const fallback = readGroup(config, defaultName, {});
  const names = new Set([...named, defaultName]);
  return [...names].map((name) =>
    name === defaultName ? fallback : readGroup(config, name, fallback.settings),
  );
}

/** The first group that matches, else the default one. */
export function groupOf(
  topic: string,
  groups: readonly TopicCreationGroup[],
): TopicCreationGroup | undefined {
  const matching = groups.find(
    ({ name, include, exclude }) => name !== defaultName && !exclude.matches(topic) && include.matches(topic),
  );
  return matching ?? groups.find(({ name }) => name === defaultName);
}

function readGroup(
  config: ConnectorConfig,
  name: string,
  defaults: Partial<TopicCreationGroup['settings']>,
): TopicCreationGroup {
  const group = `${prefix}${name}.`;
  const parsed: Readonly<Record<string, unknown>> = new ConfigDef(
    groupKeys(group, { ...defaults, hasPatterns: name !== defaultName }),
  ).parse(config);
  const pattern = (key: string): JavaRegex =>
    compileJavaRegex(name === defaultName ? '' : (parsed[group + key] as string[]).join('|'));
  const own = Object.entries(withPrefix(config, group)).filter(([key]) => !ownKeys.has(key));
  return {
    name,
    include: pattern('include'),
    exclude: pattern('exclude'),
    settings: {
      partitions: Number(parsed[`${group}partitions`]),
      replicationFactor: Number(parsed[`${group}replication.factor`]),
      configs: Object.fromEntries(own),
    },
  };
}

const ownKeys: ReadonlySet<string> = new Set(['include', 'exclude', 'partitions', 'replication.factor']);

interface GroupDefaults {
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly hasPatterns: boolean;
}

/** Validators name a key without its group, as Connect's embedded definitions do. */
function groupKeys(group: string, { partitions, replicationFactor, hasPatterns }: GroupDefaults): ConfigKeys {
  const embedded = (plain: Validator): Validator => ({
    description: plain.description,
    ensureValid: (name, value, type) => plain.ensureValid(name.slice(group.length), value, type),
  });
  const base = { importance: 'LOW', doc: '' } as const;
  const patterns = {
    ...base,
    type: 'LIST',
    default: [],
    validator: embedded(hasPatterns ? regexes : nonNull),
  } as const;
  return {
    [`${group}include`]: patterns,
    [`${group}exclude`]: patterns,
    [`${group}replication.factor`]: {
      ...base,
      type: 'SHORT',
      ...(replicationFactor !== undefined && { default: replicationFactor }),
      validator: embedded(
        positiveOrBrokers(
          'Replication factor must be positive and not larger than the number of brokers in the Kafka cluster',
        ),
      ),
    },
    [`${group}partitions`]: {
      ...base,
      type: 'INT',
      ...(partitions !== undefined && { default: partitions }),
      validator: embedded(positiveOrBrokers('Number of partitions must be positive')),
    },
  };
}

const positiveOrBrokers = (rule: string): Validator =>
  validator("positive, or -1 for the broker's default", (value) =>
    value === -1 || Number(value) >= 1 ? null : `${rule}, or -1 to use the broker's default`,
  );

const regexes: Validator = validator('Java regular expressions', (patterns) => {
  try {
    for (const pattern of patterns as readonly string[]) compileJavaRegex(pattern);
    return null;
  } catch (error) {
    if (!(error instanceof JavaRegexError)) throw error;
    return `Syntax error in regular expression: ${error.message}`;
  }
});
