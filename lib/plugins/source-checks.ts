import type { ConnectorConfig } from '../api/config.ts';
import type { ConfigValue } from '../api/config-def.ts';
import type { SourceCapabilities } from './source-capabilities.ts';
import { withError } from './validation.ts';
import { isExactlyOnceEnabled } from './worker-config.ts';

/**
 * What no single key of a source can say (DistributedHerder.validateSourceConnectorConfig). Without `capabilities` the
 * connector was not asked, as at synth, and only the worker is judged.
 */
export function checkSource(
  values: Map<string, ConfigValue>,
  capabilities: SourceCapabilities | undefined,
  workerConfig: ConnectorConfig,
): void {
  if (isWanted(values, 'exactly.once.support', 'required')) {
    if (!isExactlyOnceEnabled(workerConfig))
      addError(
        values,
        'exactly.once.support',
        'This worker does not have exactly-once source support enabled.',
      );
    const missing = capabilities && exactlyOnceError(capabilities.exactlyOnce);
    if (missing) addError(values, 'exactly.once.support', missing);
  }
  if (capabilities !== undefined && isWanted(values, 'transaction.boundary', 'connector')) {
    const defines = capabilities.definesTransactions;
    if (typeof defines === 'object') addError(values, 'transaction.boundary', unexpected(defines.failed));
    else if (!defines)
      addError(
        values,
        'transaction.boundary',
        'The connector does not support connector-defined transaction boundaries with the given configuration. Please reconfigure it to use a different transaction boundary definition.',
      );
  }
}

/** True when the value is valid and, in any case of letters, the one meant. */
function isWanted(values: ReadonlyMap<string, ConfigValue>, name: string, wanted: string): boolean {
  const found = values.get(name);
  return found?.errors.length === 0 && String(found.value).toLowerCase() === wanted;
}

function exactlyOnceError(support: SourceCapabilities['exactlyOnce']): string | undefined {
  if (support === 'SUPPORTED') return undefined;
  if (support === 'UNSUPPORTED')
    return 'The connector does not support exactly-once semantics with the provided configuration.';
  if (support === null)
    return 'The connector does not implement the API required for preflight validation of exactly-once source support. Please consult the documentation for the connector to determine whether it supports exactly-once semantics, and then consider reconfiguring the connector to use the value "requested" for this property (which will disable this preflight check and allow the connector to be created).';
  return unexpected(support.failed);
}

const unexpected = (message: string): string =>
  message.trim() === ''
    ? 'An unexpected error occurred during validation; please see the worker logs for more details.'
    : `An unexpected error occurred during validation: ${message.trim()}`;

function addError(values: Map<string, ConfigValue>, name: string, error: string): void {
  const known = values.get(name);
  if (known !== undefined) values.set(name, withError(known, error));
}
