import { ConfigError } from '../api/errors.ts';
import { compileJavaRegex } from '../foundation/java/regex.ts';
import type { ConfigProvider } from './placeholders.ts';

/**
 * `${env:NAME}`: Kafka's EnvVarConfigProvider over the given environment. `allowlist` (`allowlist.pattern`) is a Java
 * regular expression that the whole name must match.
 */
export function envProvider(
  environment: Readonly<Record<string, string | undefined>>,
  allowlist = '.*',
): ConfigProvider {
  const allowed = compileAllowlist(allowlist);
  return {
    async get(path, keys) {
      if (path !== '') {
        throw new ConfigError(`Path is not supported for EnvVarConfigProvider, invalid value '${path}'`, {
          hint: 'Write ${env:NAME}.',
        });
      }
      const visible = keys.filter((key) => Object.hasOwn(environment, key) && allowed.matches(key));
      return Object.fromEntries(
        visible.flatMap((key) => {
          const value = environment[key];
          return value === undefined ? [] : [[key, value]];
        }),
      );
    },
  };
}

function compileAllowlist(pattern: string): ReturnType<typeof compileJavaRegex> {
  try {
    return compileJavaRegex(pattern);
  } catch (cause) {
    throw ConfigError.invalid(
      'allowlist.pattern',
      pattern,
      cause instanceof Error ? cause.message : undefined,
    );
  }
}
