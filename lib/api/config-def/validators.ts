import { compileJavaRegex } from '../../foundation/java/regex.ts';
import { javaHashOrder } from '../../foundation/java/hash-order.ts';
import { ConfigError } from '../errors.ts';
import type { Validator } from './config-key.ts';
import { invalid } from './invalid.ts';

/** A validator of your own: `check` returns what is wrong, or null. It is handed null for an absent value too. */
export const validator = (description: string, check: (value: unknown) => string | null): Validator => ({
  description,
  ensureValid(name, value, type) {
    const why = check(value);
    if (why !== null) throw invalid(name, value, why, type);
  },
});

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** A number, which must be there, within bounds that are part of the range. */
export const range = ({ min, max }: Bounds): Validator =>
  validator(
    `[${[min ?? '...', ...(min === undefined || max === undefined ? [] : ['...']), max ?? '...'].join(',')}]`,
    (value) => {
      if (value === null) return 'Value must be non-null';
      if (min !== undefined && Number(value) < min) return `Value must be at least ${min}`;
      return max !== undefined && Number(value) > max ? `Value must be no more than ${max}` : null;
    },
  );

export const atLeast = (min: number): Validator => range({ min });
export const between = (min: number, max: number): Validator => range({ min, max });

/** One of these strings; null is allowed only when it is listed. */
export const oneOf = (...allowed: readonly (string | null)[]): Validator =>
  validator(`[${allowed.join(', ')}]`, (value) =>
    allowed.includes(value as string | null)
      ? null
      : `String must be one of: ${allowed.map(String).join(', ')}`,
  );

export function caseInsensitiveOneOf(...allowed: readonly string[]): Validator {
  // Connect keeps them in a hash set, and its messages list them in that order.
  const upper = javaHashOrder(allowed.map((value) => value.toUpperCase()));
  return validator(`(case insensitive) [${upper.join(', ')}]`, (value) =>
    typeof value === 'string' && upper.includes(value.toUpperCase())
      ? null
      : `String must be one of (case insensitive): ${upper.join(', ')}`,
  );
}

export const nonNull: Validator = validator('non-null string', (value) =>
  value === null ? 'entry must be non null' : null,
);

/** Null passes. */
export const nonEmptyString: Validator = validator('non-empty string', (value) =>
  value === '' ? 'String must be non-empty' : null,
);

/** Null passes: a missing required key has a message of its own. */
export const nonEmptyStringWithoutControlChars: Validator = validator(
  'non-empty string without ISO control characters',
  (value) => {
    if (value === null) return null;
    if (value === '') return 'String may not be empty';
    const controls = [...String(value)].map((char) => char.codePointAt(0) ?? 0).filter(isIsoControl);
    return controls.length === 0
      ? null
      : `String may not contain control sequences but had the following ASCII chars: ${controls.join(', ')}`;
  },
);

const isIsoControl = (code: number): boolean => code <= 0x1f || (code >= 0x7f && code <= 0x9f);

export const nonEmptyList: Validator = validator('non-empty list', (value) =>
  value === null || (Array.isArray(value) && value.length === 0) ? 'Empty list' : null,
);

/** The aliases of transformations and the like: a LIST that names nothing twice. */
export const uniqueAliases = (kind: string): Validator =>
  allOf(
    nonNull,
    validator(`unique ${kind}`, (value) => {
      const aliases = value as readonly string[];
      return new Set(aliases).size < aliases.length ? 'Duplicate alias provided.' : null;
    }),
  );

/** `base` for a value that is there; null passes. */
export const optional = (base: Validator): Validator => ({
  ...base,
  ensureValid(name, value, type) {
    if (value !== null) base.ensureValid(name, value, type);
  },
});

/** A regular expression in Java's dialect. */
export const javaRegex: Validator = validator('valid regex', (value) => {
  // Connect compiles null as well, and this is what comes of it.
  if (value === null) return 'Invalid regex: Cannot invoke "String.isEmpty()" because "this.pattern" is null';
  try {
    compileJavaRegex(String(value));
    return null;
  } catch (error) {
    return `Invalid regex: ${error instanceof Error ? error.message : String(error)}`;
  }
});

interface ListOptions {
  /** Empty: any value that is not the empty string. */
  readonly allowed?: readonly string[];
  readonly allowEmpty?: boolean;
  readonly allowNull?: boolean;
}

/** A LIST without nulls and empty elements; what is listed twice is taken once, but is an error to validation. */
export function listOf({ allowed = [], allowEmpty = true, allowNull = false }: ListOptions = {}): Validator {
  const valid = allowed.length === 0 ? 'any non-empty value' : `[${allowed.join(', ')}]`;
  const element = allowed.length === 0 ? undefined : oneOf(...allowed);
  return {
    description: `List containing ${valid}${allowEmpty ? ' (empty config allowed)' : ''}${allowNull ? ' (null allowed)' : ''}`,
    dropsDuplicates: true,
    ensureValid(name, value) {
      if (value === null) {
        if (allowNull) return;
        throw new ConfigError(`Configuration '${name}' values must not be null.`);
      }
      const elements = value as readonly string[];
      if (elements.length === 0 && !allowEmpty) {
        throw new ConfigError(`Configuration '${name}' must not be empty. Valid values include: ${valid}`);
      }
      if (new Set(elements).size < elements.length)
        throw new ConfigError(`Configuration '${name}' values must not be duplicated.`);
      for (const item of elements) {
        if (item === '') throw new ConfigError(`Configuration '${name}' values must not be empty.`);
        element?.ensureValid(name, item);
      }
    },
  };
}

/** All of them; the first that fails is reported. */
export const allOf = (...validators: readonly Validator[]): Validator => ({
  description: validators.map((each) => each.description).join(','),
  dropsDuplicates: validators.some((each) => each.dropsDuplicates === true),
  ensureValid(name, value, type) {
    for (const each of validators) each.ensureValid(name, value, type);
  },
});
