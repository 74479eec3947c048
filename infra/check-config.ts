import { Token } from 'aws-cdk-lib';
import type { ConnectorConfig } from '../lib/api/config.ts';
import { ConfigError } from '../lib/api/errors.ts';
import { hasPlaceholder } from '../lib/config-providers/placeholders.ts';
import { parseRate } from '../lib/coordinator/schedule.ts';
import { inertOverrides } from '../lib/plugins/inert-overrides.ts';
import type { PluginRegistry } from '../lib/plugins/registry.ts';
import { validateConnectorConfig } from '../lib/plugins/validate.ts';
import type { ConfigValidation, ValidatedEntry } from '../lib/plugins/validation.ts';

export interface CheckedConfig {
  readonly validation: ConfigValidation;
  /** Keys that nothing reads: worth a look, but legal. */
  readonly warnings: readonly string[];
  /** Client overrides that Kafka Connect would heed, but nothing does here. */
  readonly inertOverrides: readonly string[];
}

/**
 * The check of `cdk synth`: what the REST API would say of this config, and that no password is given in clear.
 * Throws a ConfigError with every error at once.
 */
export function checkConfig(
  name: string,
  config: ConnectorConfig,
  registry: PluginRegistry,
  workerConfig: ConnectorConfig = {},
): CheckedConfig {
  const literal = config['connector.class'];
  if (literal === undefined || Token.isUnresolved(literal)) {
    throw invalid(name, [
      literal === undefined
        ? 'connector.class is missing'
        : 'connector.class is a CDK token, but has to be known at synth',
    ]);
  }
  // The name is the one key the herder adds.
  const validation = validateConnectorConfig({ ...config, name }, registry, { workerConfig });
  const errors = validation.configs
    .flatMap((entry) => errorsOf(entry, config))
    .concat(nameErrors(name, config), secretsInUrls(config), scheduleErrors(config));
  if (errors.length > 0) throw invalid(name, errors);
  const warnings = validation.unknownKeys.map(
    ({ key, suggestion }) =>
      `nothing reads the key "${key}"${suggestion ? `; did you mean "${suggestion}"?` : ''}`,
  );
  const inert = inertOverrides(validation.type, config).map(
    ({ key, reason }) => `${key} has no effect. ${reason}`,
  );
  return { validation, warnings, inertOverrides: inert };
}

function errorsOf({ name, definition, value }: ValidatedEntry, config: ConnectorConfig): string[] {
  const given = config[name];
  if (definition?.type === 'PASSWORD' && given !== undefined && given !== '' && !hasPlaceholder(given))
    return [passwordInClear(name, given)];
  // What a token stands for is not known at synth: skipped, not guessed. So are placeholders, by the validation.
  if (given !== undefined && Token.isUnresolved(given)) return [];
  const [hint] = value.hints ?? [];
  return value.errors.map((error) => (hint === undefined ? error : `${error} ${hint}`));
}

/** Invariant 8. A token is no better: CloudFormation would put the secret it stands for into the table. */
function passwordInClear(name: string, given: string): string {
  const what = Token.isUnresolved(given)
    ? 'is a CDK token, which CloudFormation would replace by the secret itself'
    : 'is given in clear';
  return `${name} ${what}. Write a placeholder, which only the running task resolves: \${secretsmanager:<secret name>:<key>}, \${ssm:<parameter name>} or \${env:<variable>}`;
}

function secretsInUrls(config: ConnectorConfig): string[] {
  return Object.entries(config)
    .filter(([, value]) => hasSecretInUrl(value.replaceAll(/\$\{[^}]*\}/g, '')))
    .map(
      ([key]) =>
        `${key} holds a password in clear. Give user and password in keys of their own, or write a placeholder in its place: \${secretsmanager:<secret name>:<key>}`,
    );
}

/** `scheme://user:password@host` or `?password=…`. */
const hasSecretInUrl = (value: string): boolean =>
  /:\/\/[^/?#@\s:]*:[^/?#@\s]+@|[?&;]password=[^&;\s]/i.test(value);

const nameErrors = (name: string, config: ConnectorConfig): string[] =>
  config['name'] === undefined || config['name'] === name
    ? []
    : [`name is "${config['name']}" in the config, but "${name}" beside it`];

function scheduleErrors(config: ConnectorConfig): string[] {
  const schedule = config['lambda.schedule'];
  if (schedule === undefined || Token.isUnresolved(schedule)) return [];
  try {
    parseRate(schedule);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function invalid(name: string, errors: readonly string[]): ConfigError {
  const list = errors.map((error) => `\n  - ${error}`).join('');
  return new ConfigError(
    `addConnector: the config of connector "${name}" has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}:${list}`,
  );
}
