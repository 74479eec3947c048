import { type ConfigProps, type ConfigValue, parseType } from '../api/config-def.ts';
import type { ConnectorConfig } from '../api/config.ts';
import { ConfigError } from '../api/errors.ts';
import { hasPlaceholder } from '../config-providers/placeholders.ts';
import { javaHashOrder } from '../foundation/java/hash-order.ts';
import { clientConfigs, type ClientKind } from '../kafka/client-config/client-configs.ts';
import { propsWithPrefix } from '../pipeline/config-prefix.ts';
import { clientsOf } from './connector-clients.ts';
import { type OverridePolicy, overridePolicy } from './override-policy.ts';
import { prefixedPart } from './prefixed-part.ts';
import { mergeParts, type ValidationPart, value } from './validation.ts';

export interface ClientOverrides extends ValidationPart {
  /** The first value that cannot be parsed, in the order in which Connect comes to them: the consumer's last. */
  readonly failure?: ConfigError;
}

/**
 * `producer.override.…`, `consumer.override.…` and `admin.override.…` of the clients this connector has
 * (AbstractHerder.validateClientOverrides). Values are parsed, not validated: that is left to the client.
 */
export function clientOverridePart(
  kind: 'source' | 'sink',
  config: ConfigProps,
  workerConfig: ConnectorConfig,
): ClientOverrides {
  const policy = overridePolicy(workerConfig);
  const failures = new Map<ClientKind, ConfigError>();
  const parts = clientsOf(kind, config).map((client) => {
    const prefix = `${client}.override.`;
    const settings = propsWithPrefix(inHashOrder(config), prefix);
    const values = Object.entries(inHashOrder(settings)).map(([name, text]) =>
      override(name, text ?? null, { client, policy, failures }),
    );
    return prefixedPart(clientConfigs[client].keys, values, prefix);
  });
  const failure = failures.get('producer') ?? failures.get('admin') ?? failures.get('consumer');
  return { ...mergeParts('key', parts), ...(failure !== undefined && { failure }) };
}

/** The order overrides are listed in: of a hash map that was filled from another one. */
const inHashOrder = (config: ConfigProps): ConfigProps =>
  Object.fromEntries(javaHashOrder(Object.keys(config)).map((name) => [name, config[name]]));

interface OverrideContext {
  readonly client: ClientKind;
  readonly policy: OverridePolicy;
  readonly failures: Map<ClientKind, ConfigError>;
}

function override(
  name: string,
  text: string | null,
  { client, policy, failures }: OverrideContext,
): ConfigValue {
  const errors = policy.allows(name)
    ? []
    : [
        `The '${policy.name}' policy does not allow '${name}' to be overridden in the connector configuration.`,
      ];
  const key = clientConfigs[client].keys[name];
  if (key === undefined) return value(name, text, errors);
  try {
    return value(name, parseType(name, text, key.type), errors);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (!hasPlaceholder(text ?? '') && !failures.has(client)) failures.set(client, error);
    return value(name, null, [error.message, ...errors]);
  }
}
