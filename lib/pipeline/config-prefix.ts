import type { ConfigProps } from '../api/config-def.ts';
import type { ConnectorConfig } from '../api/config.ts';

/** The entries under `prefix`, with it removed: `value.converter.` → `schemas.enable`. */
export function withPrefix(config: ConnectorConfig, prefix: string): ConnectorConfig {
  return propsWithPrefix(config, prefix) as ConnectorConfig;
}

/** The same of what the REST API was handed, in which a value may be null. */
export function propsWithPrefix(config: ConfigProps, prefix: string): ConfigProps {
  const entries = Object.entries(config).filter(
    ([key]) => key.startsWith(prefix) && key.length > prefix.length,
  );
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** A LIST value as Kafka parses it: trimmed, split at commas; absent or empty is the empty list. */
export function listOf(value: string | undefined): string[] {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? [] : trimmed.split(/\s*,\s*/);
}
