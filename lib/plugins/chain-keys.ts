import {
  type ConfigKey,
  type ConfigKeys,
  type ConfigProps,
  embedKeys,
  parseType,
  type Validator,
} from '../api/config-def.ts';
import type { Plugin } from '../api/connector.ts';
import { ConfigError } from '../api/errors.ts';
import { classParsing, requireImplementation, requireVersion } from './plugin-classes.ts';
import type { PluginRegistry } from './registry.ts';

/** How `transforms` and `predicates` differ. */
const chains = {
  transforms: { kind: 'Transformation', group: 'Transforms' },
  predicates: { kind: 'Predicate', group: 'Predicates' },
} as const;

export type Chain = keyof typeof chains;

/** Keys every transformation has; one of its own with such a name is masked. */
const condition: ConfigKeys = {
  predicate: {
    type: 'STRING',
    default: null,
    importance: 'MEDIUM',
    doc: 'Alias of the predicate on which it depends whether the transformation is applied.',
  },
  negate: {
    type: 'BOOLEAN',
    default: false,
    importance: 'MEDIUM',
    doc: 'Apply the transformation where the predicate does not hold.',
  },
};

/**
 * The keys `transforms.<alias>.…` or `predicates.<alias>.…` a config has by what it lists, as ConnectorConfig.enrich
 * adds them. An alias whose plugin cannot be found has only `type` and `plugin.version`; with `strict` that throws.
 */
export function chainKeys(
  chain: Chain,
  config: ConfigProps,
  registry: PluginRegistry,
  { strict = false } = {},
): ConfigKeys {
  const aliases = parseType(chain, config[chain], 'LIST') as readonly string[] | null;
  const steps = [...new Set(aliases ?? [])].map((alias) => new Step(chain, alias, config, registry));
  return Object.assign({}, ...steps.map((step) => step.keys(strict))) as ConfigKeys;
}

class Step {
  readonly #prefix: string;
  readonly #typeKey: string;
  readonly #versionKey: string;
  readonly #group: string;
  readonly #type: string | null;
  readonly #chain: Chain;
  readonly #alias: string;
  readonly #config: ConfigProps;
  readonly #registry: PluginRegistry;

  constructor(chain: Chain, alias: string, config: ConfigProps, registry: PluginRegistry) {
    this.#chain = chain;
    this.#alias = alias;
    this.#config = config;
    this.#registry = registry;
    this.#prefix = `${chain}.${alias}.`;
    this.#typeKey = `${this.#prefix}type`;
    this.#versionKey = `${this.#prefix}plugin.version`;
    this.#group = `${chains[chain].group}: ${alias}`;
    this.#type = config[this.#typeKey] ?? null;
  }

  keys(strict: boolean): ConfigKeys {
    return {
      [this.#typeKey]: this.#typeDefinition(),
      [this.#versionKey]: this.#versionDefinition(),
      ...embedKeys(this.#own(strict), { prefix: this.#prefix, group: this.#group, startingOrder: 2 }),
    };
  }

  #own(strict: boolean): ConfigKeys {
    const { kind } = chains[this.#chain];
    try {
      if (this.#type === null) throw ConfigError.invalid(this.#typeKey, null, `Not a ${kind}`);
      const { configDef } = this.#plugin(this.#type, this.#config[this.#versionKey]);
      return this.#chain === 'predicates' ? configDef.keys : { ...configDef.keys, ...condition };
    } catch (error) {
      // What is wrong with the type is reported by its validator.
      if (strict || !(error instanceof ConfigError)) throw error;
      return {};
    }
  }

  #plugin(type: string, version: string | null | undefined): Plugin {
    const found = parseType(this.#typeKey, type, 'CLASS', classParsing(this.#registry)) as string;
    const plugin = requireImplementation(this.#registry, found, chains[this.#chain].kind);
    requireVersion(plugin, version);
    return plugin;
  }

  #typeDefinition(): ConfigKey {
    const { kind } = chains[this.#chain];
    return {
      type: 'CLASS',
      importance: 'HIGH',
      group: this.#group,
      orderInGroup: 0,
      width: 'LONG',
      displayName: `${kind} type for ${this.#alias}`,
      doc: `Class of the ${kind.toLowerCase()} ${this.#alias}.`,
      validator: this.#typeValidator(),
      recommender: {
        validValues: () => this.#registry.all(kind).map((plugin) => plugin.class),
        visible: () => true,
      },
    };
  }

  #typeValidator(): Validator {
    return {
      description: `valid configs for ${this.#alias} ${chains[this.#chain].kind.toLowerCase()}`,
      ensureValid: (_name, value) => {
        if (this.#chain === 'transforms') this.#checkCondition();
        if (value !== null) this.#plugin(value as string, this.#config[this.#versionKey]);
      },
    };
  }

  #checkCondition(): void {
    const [negate, predicate] = [`${this.#prefix}negate`, `${this.#prefix}predicate`];
    if (!Object.hasOwn(this.#config, negate) || Object.hasOwn(this.#config, predicate)) return;
    throw new ConfigError(
      `Config '${negate}' was provided but there is no config '${predicate}' defining a predicate to be negated.`,
    );
  }

  #versionDefinition(): ConfigKey {
    const { kind } = chains[this.#chain];
    const plugin = this.#type === null ? undefined : this.#registry.findAs(this.#type, kind);
    return {
      type: 'STRING',
      default: plugin?.version ?? null,
      importance: 'HIGH',
      group: this.#group,
      orderInGroup: 1,
      width: 'LONG',
      displayName: `${kind} version for ${this.#alias}`,
      doc: `Version of the ${kind.toLowerCase()} ${this.#alias}.`,
      validator: {
        description: 'version or range of versions',
        ensureValid: (_name, value) => {
          if (plugin !== undefined) requireVersion(plugin, value as string | null);
        },
      },
      recommender: {
        validValues: (_name, parsed) =>
          parsed[this.#typeKey] === null || plugin === undefined ? [] : [plugin.version],
        visible: () => true,
      },
    };
  }
}
