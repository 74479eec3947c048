import type { Password } from './password.ts';

export const configTypes = [
  'BOOLEAN',
  'STRING',
  'INT',
  'SHORT',
  'LONG',
  'DOUBLE',
  'LIST',
  'CLASS',
  'PASSWORD',
] as const;
export type ConfigType = (typeof configTypes)[number];
export type Importance = 'HIGH' | 'MEDIUM' | 'LOW';
export type Width = 'NONE' | 'SHORT' | 'MEDIUM' | 'LONG';

/** Throws a ConfigError (ConfigError.invalid) for a bad value; `description` is what the docs table shows. */
export interface Validator {
  /** `value` is parsed; it is null when the key is absent, null or could not be parsed. */
  ensureValid(name: string, value: unknown, type?: ConfigType): void;
  readonly description: string;
  /** True: when a config is parsed, equal elements of a LIST are taken once before it is checked (KIP-1161). */
  readonly dropsDuplicates?: boolean;
}

export interface Recommender {
  validValues(name: string, parsed: Readonly<Record<string, unknown>>): unknown[];
  visible(name: string, parsed: Readonly<Record<string, unknown>>): boolean;
}

/** One key. No `default` means required; `default: null` means optional without a value. */
export interface ConfigKey {
  readonly type: ConfigType;
  readonly default?: string | number | boolean | readonly string[] | null;
  readonly importance: Importance;
  readonly doc: string;
  readonly validator?: Validator;
  readonly group?: string;
  readonly orderInGroup?: number;
  readonly width?: Width;
  readonly displayName?: string;
  readonly dependents?: readonly string[];
  readonly recommender?: Recommender;
  /** True: a key of Sluice beside those of the Kafka Connect class. Validation lists it only where a config sets it. */
  readonly extension?: boolean;
}

export type ConfigKeys = Readonly<Record<string, ConfigKey>>;

interface TypeOf {
  BOOLEAN: boolean;
  STRING: string;
  INT: number;
  SHORT: number;
  LONG: number;
  DOUBLE: number;
  LIST: readonly string[];
  CLASS: string;
  PASSWORD: Password;
}

/** A key whose default is null may be null; of keys known only at run time, any may. */
type NullOf<K extends ConfigKey> = ConfigKey extends K
  ? null
  : K extends { readonly default: infer D }
    ? null extends D
      ? null
      : never
    : never;

/** The typed values of a definition: `ParsedConfig<typeof keys>`. */
export type ParsedConfig<K extends ConfigKeys> = {
  readonly [N in keyof K]: TypeOf[K[N]['type']] | NullOf<K[N]>;
};

/** One line of a validation result, in the shape of Connect's ConfigValue. */
export interface ConfigValue {
  readonly name: string;
  /** Parsed; null when absent or unparsable. */
  readonly value: unknown;
  readonly recommendedValues: readonly unknown[];
  readonly errors: readonly string[];
  readonly visible: boolean;
  /** What to do about the errors, for people; not a part of Connect's answers. */
  readonly hints?: readonly string[];
}

/** What a definition reads: a ConnectorConfig; the REST API lets null through as a value as well. */
export type ConfigProps = Readonly<Record<string, string | null | undefined>>;

export interface ParseOptions {
  /**
   * The full name of the class a CLASS value means, undefined when there is none. Absent: any name is taken as it is,
   * because plugins are looked up by whoever creates them.
   */
  readonly classNamed?: (name: string) => string | undefined;
  /** The name that was probably meant by one nobody knows, for the hint. */
  readonly suggestClass?: (name: string) => string | undefined;
}
