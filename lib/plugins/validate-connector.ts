import type { ConfigProps } from '../api/config-def.ts';
import type { ConnectorConfig } from '../api/config.ts';
import { ConnectError, toConnectError } from '../api/errors.ts';
import type { PluginRegistry } from './registry.ts';
import { type SourceCapabilities, sourceCapabilities } from './source-capabilities.ts';
import { validateConnectorConfig, type ValidationOptions } from './validate.ts';
import type { ConfigValidation } from './validation.ts';

/**
 * The validation of the REST API and the herder: `validateConnectorConfig`, and what only the connector itself can
 * answer. Throws BAD_REQUEST when there is no such connector to validate for.
 */
export async function validateConnector(
  config: ConfigProps,
  registry: PluginRegistry,
  options: Pick<ValidationOptions, 'workerConfig' | 'isResolved'> = {},
): Promise<ConfigValidation> {
  if (config['connector.class'] === undefined || config['connector.class'] === null) {
    throw badRequest(`Connector config ${javaMap(config)} contains no connector type`);
  }
  const capabilities = await capabilitiesFor(config, registry);
  try {
    return validateConnectorConfig(config, registry, {
      ...options,
      ...(capabilities !== undefined && { capabilities }),
    });
  } catch (thrown) {
    const error = toConnectError(thrown);
    throw badRequest(error.message, error.hint);
  }
}

/** Asks the connector only where an answer counts, so that most validations load nothing. */
async function capabilitiesFor(
  config: ConfigProps,
  registry: PluginRegistry,
): Promise<SourceCapabilities | undefined> {
  const plugin = registry.findAs(config['connector.class'] ?? '', 'Connector');
  if (plugin?.kind !== 'source') return undefined;
  const isAsked =
    /^\s*required\s*$/i.test(config['exactly.once.support'] ?? '') ||
    /^\s*connector\s*$/i.test(config['transaction.boundary'] ?? '');
  return isAsked ? sourceCapabilities(plugin, texts(config)) : undefined;
}

const texts = (config: ConfigProps): ConnectorConfig =>
  Object.fromEntries(
    Object.entries(config).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** Java prints the map; what looks like a secret is left out (Invariant 8), no definition can say here. */
const javaMap = (config: ConfigProps): string =>
  `{${Object.entries(config)
    .map(
      ([key, value]) => `${key}=${/password|secret|token|jaas|credential/i.test(key) ? '[hidden]' : value}`,
    )
    .join(', ')}}`;

const badRequest = (message: string, hint?: string): ConnectError =>
  new ConnectError(message, { code: 'BAD_REQUEST', ...(hint !== undefined && { hint }) });
