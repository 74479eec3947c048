import type { ConnectorConfig } from '../api/config.ts';
import { ConfigError, toConnectError } from '../api/errors.ts';

/** Where the values of `${provider:path:key}` come from (KIP-297). Reads happen in a worker, never at synth. */
export interface ConfigProvider {
  /** The wanted keys below `path`; a key that does not exist is left out. Throws when the path cannot be read. */
  get(path: string, keys: readonly string[]): Promise<Readonly<Record<string, string>>>;
}

export type ConfigProviders = Readonly<Record<string, ConfigProvider>>;

const pattern = /\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}/g;

/** True when a value holds a placeholder: such a value is stored and shown only as it was written (Invariant 8). */
export const hasPlaceholder = (value: string): boolean => new RegExp(pattern.source).test(value);

/**
 * Replaces every placeholder of a known provider; an unknown provider or a missing key leaves the text as it is, as
 * in Kafka Connect. Not recursive.
 */
export async function resolvePlaceholders(
  config: ConnectorConfig,
  providers: ConfigProviders,
): Promise<ConnectorConfig> {
  const wanted = new Map<string, Map<string, Set<string>>>();
  for (const value of Object.values(config)) {
    for (const [, provider = '', , path = '', key = ''] of value.matchAll(pattern)) {
      if (!Object.hasOwn(providers, provider)) continue;
      const paths = wanted.get(provider) ?? new Map<string, Set<string>>();
      wanted.set(provider, paths.set(path, (paths.get(path) ?? new Set<string>()).add(key)));
    }
  }
  if (wanted.size === 0) return config;
  const found = new Map<string, string>();
  for (const [name, paths] of wanted) {
    for (const [path, keys] of paths) {
      const values = await read(name, providers, path, [...keys]);
      for (const [key, value] of Object.entries(values)) found.set(`${name}:${path}:${key}`, value);
    }
  }
  const resolve = (value: string): string =>
    value.replace(pattern, (text: string, ...groups: (string | undefined)[]) => {
      const [provider, , path = '', key] = groups;
      return found.get(`${provider}:${path}:${key}`) ?? text;
    });
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, resolve(value)]));
}

async function read(
  name: string,
  providers: ConfigProviders,
  path: string,
  keys: string[],
): Promise<Readonly<Record<string, string>>> {
  try {
    return (await providers[name]?.get(path, keys)) ?? {};
  } catch (thrown) {
    // A provider that knows what is wrong with the config says it in Kafka's words, which name the path.
    if (thrown instanceof ConfigError) throw thrown;
    const cause = toConnectError(thrown);
    throw new ConfigError(
      `Config provider "${name}" could not read ${path === '' ? 'its values' : `"${path}"`}: ${cause.message}`,
      {
        cause,
        retriable: cause.retriable,
        ...(cause.hint === undefined ? {} : { hint: cause.hint }),
      },
    );
  }
}

/**
 * The way back for task configs: a key whose connector value holds a placeholder is stored as that placeholder, so
 * that the secret a connector was given never reaches the table (Invariant 8). Behaviour: AbstractHerder.reverseTransform.
 */
export function restorePlaceholders(
  taskConfig: ConnectorConfig,
  connectorConfig: ConnectorConfig,
): ConnectorConfig {
  return Object.fromEntries(
    Object.entries(taskConfig).map(([key, value]) => {
      const original = connectorConfig[key];
      return [key, original !== undefined && hasPlaceholder(original) ? original : value];
    }),
  );
}
