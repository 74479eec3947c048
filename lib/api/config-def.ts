import type {
  ConfigKeys,
  ConfigProps,
  ConfigValue,
  ParsedConfig,
  ParseOptions,
} from './config-def/config-key.ts';
import { parseType } from './config-def/parse-type.ts';
import { parseKey, validateKeys } from './config-def/validate-config.ts';

export type { ConnectorConfig } from './config.ts';
export {
  type ConfigKey,
  type ConfigKeys,
  type ConfigProps,
  configTypes,
  type ConfigType,
  type ConfigValue,
  type Importance,
  type ParsedConfig,
  type ParseOptions,
  type Recommender,
  type Validator,
  type Width,
} from './config-def/config-key.ts';
export { configText } from './config-def/config-text.ts';
export { embedKeys } from './config-def/embed-keys.ts';
export { parseType } from './config-def/parse-type.ts';
export { Password } from './config-def/password.ts';
export { suggestKey } from './config-def/suggest-key.ts';

/**
 * The keys a plugin understands, as data: parsing, validation, `GET …/config`, docs and types come from it. The
 * constructor throws a ConfigError for a default its own validator refuses, so a bad definition fails at once.
 */
export class ConfigDef<const K extends ConfigKeys = ConfigKeys> {
  readonly keys: K;

  constructor(keys: K) {
    this.keys = keys;
    for (const [name, key] of Object.entries(keys)) {
      if (key.default !== undefined)
        key.validator?.ensureValid(name, parseType(name, key.default, key.type), key.type);
    }
  }

  /**
   * The typed values, absent ones as their defaults; keys this definition does not know are ignored. Throws a
   * ConfigError for the first key that is wrong.
   */
  parse(props: ConfigProps, options: ParseOptions = {}): ParsedConfig<K> {
    const values = Object.entries(this.keys).map(
      ([name, key]) => [name, parseKey(name, key, props, options)] as const,
    );
    return Object.fromEntries(values) as ParsedConfig<K>;
  }

  /** Never throws for a bad value: one entry a key, in their order, each with everything wrong about it. */
  validate(props: ConfigProps, options: ParseOptions = {}): ConfigValue[] {
    return validateKeys(this.keys, props, options);
  }

  /** This definition with more keys; of two with the same name the new one counts. */
  extend<const M extends ConfigKeys>(more: M): ConfigDef<Omit<K, keyof M> & M> {
    return new ConfigDef({ ...this.keys, ...more } as Omit<K, keyof M> & M);
  }

  merge<const M extends ConfigKeys>(other: ConfigDef<M>): ConfigDef<Omit<K, keyof M> & M> {
    return this.extend(other.keys);
  }
}
