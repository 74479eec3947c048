import type { ConnectorConfig } from '../api/config.ts';
import type { SourcePlugin } from '../api/connector.ts';
import { toConnectError } from '../api/errors.ts';

/** What a source says it can do with a config: asked only where the config wants it. */
export interface SourceCapabilities {
  /** Null: the connector does not say. `failed` holds the message of one that failed on being asked. */
  readonly exactlyOnce: 'SUPPORTED' | 'UNSUPPORTED' | null | { readonly failed: string };
  readonly definesTransactions: boolean | { readonly failed: string };
}

/** Loads the connector to ask it. Its own errors become a part of the answer. */
export async function sourceCapabilities(
  plugin: SourcePlugin,
  config: ConnectorConfig,
): Promise<SourceCapabilities> {
  const connector = await plugin.connector();
  return {
    exactlyOnce: attempt(() => connector.exactlyOnceSupport?.(config) ?? null),
    definesTransactions: attempt(() => connector.canDefineTransactionBoundaries?.(config) ?? false),
  };
}

function attempt<T>(ask: () => T): T | { readonly failed: string } {
  try {
    return ask();
  } catch (error) {
    return { failed: toConnectError(error).message };
  }
}
