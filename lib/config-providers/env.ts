import { ConfigError } from '../api/errors.ts';
import type { ConfigProvider } from './placeholders.ts';

/** `${env:NAME}`: Kafka's EnvVarConfigProvider over the given environment. */
export function envProvider(environment: Readonly<Record<string, string | undefined>>): ConfigProvider {
  return {
    async get(path, keys) {
      if (path !== '') throw new ConfigError(`Path must be empty, as in \${env:NAME}; found "${path}"`);
      return Object.fromEntries(
        keys.flatMap((key) => (environment[key] === undefined ? [] : [[key, environment[key]]])),
      );
    },
  };
}
