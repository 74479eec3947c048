import type { ConfigKey, ConfigProps, ConfigValue } from '../api/config-def.ts';
import type { ConfigError } from '../api/errors.ts';
import { hasPlaceholder } from '../config-providers/placeholders.ts';

export interface ValidatedEntry {
  readonly name: string;
  /** Null for a value without a known key. */
  readonly definition: ConfigKey | null;
  readonly value: ConfigValue;
}

/** What one part of a config amounts to. */
export interface ValidationPart {
  readonly entries: readonly ValidatedEntry[];
  /** Connect counts every message of the connector's keys, but one a key under the prefixes of converters and clients. */
  readonly countBy: 'message' | 'key';
  readonly groups: readonly string[];
}

/** Connect's ConfigInfos, before it is put into wire form: every error at once. */
export interface ConfigValidation {
  readonly class: string;
  readonly type: 'source' | 'sink';
  readonly errorCount: number;
  readonly groups: readonly string[];
  readonly configs: readonly ValidatedEntry[];
  /**
   * What Connect answers a validation with (as 500) instead of reporting it beside the other errors: a client
   * override whose value cannot be parsed.
   */
  readonly failure?: ConfigError;
  /** Keys that nothing reads, with the key that was probably meant. Not errors: Connect passes them through. */
  readonly unknownKeys: readonly { readonly key: string; readonly suggestion?: string }[];
}

export const value = (name: string, parsed: unknown, errors: readonly string[] = []): ConfigValue => ({
  name,
  value: parsed,
  recommendedValues: [],
  errors,
  visible: true,
});

export const withError = (known: ConfigValue, error: string): ConfigValue => ({
  ...known,
  errors: [...known.errors, error],
});

export const errorCountOf = ({ entries, countBy }: ValidationPart): number =>
  entries.reduce(
    (count, { value: { errors } }) =>
      count + (countBy === 'key' ? Math.min(errors.length, 1) : errors.length),
    0,
  );

export const groupsOf = (parts: readonly ValidationPart[]): string[] => [
  ...new Set(parts.flatMap((part) => part.groups)),
];

/** Parts that count their errors alike as one. */
export const mergeParts = (
  countBy: ValidationPart['countBy'],
  parts: readonly ValidationPart[],
): ValidationPart => ({ countBy, entries: parts.flatMap((part) => part.entries), groups: groupsOf(parts) });

/** The part without errors of values that hold a placeholder: what it stands for is not known here. */
export const forgivePlaceholders = (part: ValidationPart, config: ConfigProps): ValidationPart => ({
  ...part,
  entries: part.entries.map((entry) =>
    hasPlaceholder(config[entry.name] ?? '')
      ? { ...entry, value: { ...entry.value, errors: [], hints: [] } }
      : entry,
  ),
});
