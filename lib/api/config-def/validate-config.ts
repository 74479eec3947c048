import { ConfigError } from '../errors.ts';
import type { ConfigKey, ConfigKeys, ConfigProps, ConfigValue, ParseOptions } from './config-key.ts';
import { parseType } from './parse-type.ts';

/** A key's value: parsed, or its default. Throws a ConfigError for a bad value or a missing required one. */
export function parseKey(name: string, key: ConfigKey, props: ConfigProps, options: ParseOptions): unknown {
  const value = withoutDuplicates(key, read(name, key, props, options));
  key.validator?.ensureValid(name, value, key.type);
  // Typed configs hold LONGs as numbers: the only ones beyond the safe integers are ways to say "forever".
  return typeof value === 'bigint' ? Number(value) : value;
}

/**
 * Every key with its value and all that is wrong with it. As in Connect a value that cannot be parsed is validated
 * once more as null, so one mistake may yield two messages. Keys without a definition are left out, and so are unset
 * extensions: clients that know the Kafka Connect class get the keys they know.
 */
export function validateKeys(keys: ConfigKeys, props: ConfigProps, options: ParseOptions): ConfigValue[] {
  const found = Object.entries(keys)
    .filter(([name, key]) => key.extension !== true || props[name] !== undefined)
    .map(([name, key]) => ({ name, key, ...tryParse(name, key, props, options) }));
  const parsed = Object.fromEntries(found.map(({ name, value }) => [name, value]));
  const values = found.map(({ name, key, value, errors, hints }): ConfigValue => {
    const advice = recommend(name, key, parsed);
    return {
      name,
      value,
      errors: [...errors, ...advice.errors],
      recommendedValues: advice.values,
      visible: advice.visible,
      ...(hints.length > 0 && { hints }),
    };
  });
  return [...values, ...undefinedDependents(keys)];
}

function tryParse(
  name: string,
  key: ConfigKey,
  props: ConfigProps,
  options: ParseOptions,
): { value: unknown; errors: string[]; hints: string[] } {
  const errors: string[] = [];
  const hints: string[] = [];
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      errors.push(error.message);
      if (error.hint !== undefined) hints.push(error.hint);
      return null;
    }
  };
  const value = attempt(() => read(name, key, props, options));
  // Unlike parsing, validation reports what is listed twice.
  attempt(() => key.validator?.ensureValid(name, value, key.type));
  return { value, errors, hints };
}

function read(name: string, key: ConfigKey, props: ConfigProps, options: ParseOptions): unknown {
  const value = props[name];
  if (value !== undefined) return parseType(name, value, key.type, options);
  if (key.default !== undefined) return parseType(name, key.default, key.type);
  throw new ConfigError(`Missing required configuration "${name}" which has no default value.`);
}

const withoutDuplicates = (key: ConfigKey, value: unknown): unknown =>
  key.validator?.dropsDuplicates === true && Array.isArray(value) ? [...new Set(value)] : value;

function recommend(
  name: string,
  { recommender }: ConfigKey,
  parsed: Readonly<Record<string, unknown>>,
): { values: readonly unknown[]; visible: boolean; errors: string[] } {
  if (recommender === undefined) return { values: [], visible: true, errors: [] };
  try {
    return {
      values: recommender.validValues(name, parsed),
      visible: recommender.visible(name, parsed),
      errors: [],
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { values: [], visible: true, errors: [error.message] };
  }
}

function undefinedDependents(keys: ConfigKeys): ConfigValue[] {
  const dependents = new Set(Object.values(keys).flatMap((key) => key.dependents ?? []));
  return [...dependents]
    .filter((name) => !Object.hasOwn(keys, name))
    .map((name) => ({
      name,
      value: null,
      errors: [`${name} is referred in the dependents, but not defined.`],
      recommendedValues: [],
      visible: false,
    }));
}
