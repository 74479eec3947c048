import type { ConnectorConfig } from '../api/config.ts';
import { ConfigError } from '../api/errors.ts';
import type { PluginRegistry } from './registry.ts';
import { type ConfigValidation, validateConnectorConfig } from './validate.ts';

/** The validation of a config that has no errors; throws one ConfigError that lists all of them. */
export function requireValidConfig(
  name: string,
  config: ConnectorConfig,
  registry: PluginRegistry,
): ConfigValidation {
  const validation = validateConnectorConfig({ ...config, name }, registry);
  const errors = validation.configs.flatMap(({ value }) => value.errors);
  if (errors.length === 0) return validation;
  const misspelt = validation.unknownKeys.flatMap(({ key, suggestion }) =>
    suggestion === undefined ? [] : [`"${key}" may be meant to be "${suggestion}".`],
  );
  throw new ConfigError(
    `The config of connector ${name} has ${errors.length} error(s):\n${errors.map((error) => `- ${error}`).join('\n')}`,
    { hint: ['Correct these keys of its config.', ...misspelt].join(' ') },
  );
}
