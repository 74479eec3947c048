import { ConnectError } from '../api/errors.ts';
import type { ConfigValidation } from './validation.ts';

/**
 * What refusing an invalid config says: every error at once, in the words Connect's clients know
 * (AbstractHerder.maybeAddConfigErrors). Undefined for a valid one. The REST API and the CLI show it as it is.
 */
export function invalidConfig({ errorCount, configs }: ConfigValidation): ConnectError | undefined {
  if (errorCount === 0) return undefined;
  const errors = configs.flatMap(({ value }) => value.errors);
  const hints = new Set(configs.flatMap(({ value }) => value.hints ?? []));
  return new ConnectError(
    [
      `Connector configuration is invalid and contains the following ${errorCount} error(s):`,
      ...errors,
      'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
    ].join('\n'),
    { code: 'BAD_REQUEST', ...(hints.size > 0 && { hint: [...hints].join(' ') }) },
  );
}
