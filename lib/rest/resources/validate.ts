import type { ConfigProps } from '../../api/config-def.ts';
import type { ConnectorConfig } from '../../api/config.ts';
import { ConnectError, toConnectError } from '../../api/errors.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import { validateConnector } from '../../plugins/validate-connector.ts';
import { readConfig } from '../config-body.ts';
import { configInfos } from '../config-infos.ts';
import { fromAnotherThread } from '../error-response.ts';
import type { Route } from '../request.ts';

export interface ValidateDeps {
  readonly registry: PluginRegistry;
  /** Properties of the worker: its converters, group and override policy. */
  readonly workerConfig: ConnectorConfig;
  /**
   * Replaces placeholders before validation, as a Connect worker does. Absent where nothing but a running task may
   * read a secret (Invariant 8): then a value with a placeholder is shown as it is, and not judged.
   */
  readonly resolve?: (config: ConnectorConfig) => Promise<ConnectorConfig>;
}

/** `PUT /connector-plugins/{plugin}/config/validate`: 200 with every error, also for a config that is nearly empty. */
export const validateRoutes = (deps: ValidateDeps): Route[] => [
  {
    method: 'PUT',
    path: '/connector-plugins/{plugin}/config/validate',
    handle: async ({ params, body }) => {
      const config = readConfig(body);
      checkRequestType(config['connector.class'] ?? null, params['plugin'] ?? '');
      try {
        return { json: await validated(config, deps) };
      } catch (error) {
        throw fromAnotherThread(toConnectError(error));
      }
    },
  },
];

async function validated(given: ConfigProps, deps: ValidateDeps): Promise<unknown> {
  const config = deps.resolve === undefined ? given : await resolveTexts(given, deps.resolve);
  const validation = await validateConnector(config, deps.registry, {
    workerConfig: deps.workerConfig,
    isResolved: deps.resolve !== undefined,
  });
  if (validation.failure !== undefined) throw validation.failure;
  return configInfos(config['connector.class'] ?? '', validation);
}

async function resolveTexts(
  config: ConfigProps,
  resolve: (config: ConnectorConfig) => Promise<ConnectorConfig>,
): Promise<ConfigProps> {
  const isText = (entry: [string, string | null | undefined]): entry is [string, string] =>
    typeof entry[1] === 'string';
  return { ...config, ...(await resolve(Object.fromEntries(Object.entries(config).filter(isText)))) };
}

/** The class in the body must end as the one in the path does, `Connector` left out of both. */
function checkRequestType(included: string | null, requested: string): void {
  if (included === null || normalised(included).endsWith(normalised(requested))) return;
  throw new ConnectError(`Included connector type ${included} does not match request type ${requested}`, {
    code: 'BAD_REQUEST',
  });
}

const normalised = (name: string): string =>
  name.length > 'Connector'.length ? name.replace(/Connector$/, '') : name;
