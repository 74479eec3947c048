import type { ConnectorConfig } from '../api/config.ts';
import { invalidConfig } from './invalid-config.ts';
import type { PluginRegistry } from './registry.ts';
import { validateConnectorConfig } from './validate.ts';
import type { ConfigValidation } from './validation.ts';

/** The validation of a config that has no errors; throws one error that lists all of them, in Connect's words. */
export function requireValidConfig(
  name: string,
  config: ConnectorConfig,
  registry: PluginRegistry,
  workerConfig: ConnectorConfig = {},
): ConfigValidation {
  const validation = validateConnectorConfig({ ...config, name }, registry, { workerConfig });
  const invalid = invalidConfig(validation);
  if (invalid !== undefined) throw invalid;
  return validation;
}
