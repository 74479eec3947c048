import type { ConfigKey, ConfigValue } from '../api/config-def.ts';
import type { ConfigError } from '../api/errors.ts';

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
  readonly errorCount: number;
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

export const mergeParts = (parts: readonly ValidationPart[]): ValidationPart => ({
  entries: parts.flatMap((part) => part.entries),
  errorCount: parts.reduce((sum, part) => sum + part.errorCount, 0),
  groups: [...new Set(parts.flatMap((part) => part.groups))],
});
