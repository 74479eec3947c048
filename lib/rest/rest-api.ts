import { connectorPluginsRoutes } from './resources/connector-plugins.ts';
import { pluginConfigRoutes } from './resources/plugin-config.ts';
import { type RootDeps, rootRoutes } from './resources/root.ts';
import { type ValidateDeps, validateRoutes } from './resources/validate.ts';
import { createRouter, type Router } from './router.ts';

export type RestDeps = RootDeps & ValidateDeps;

/** Kafka Connect's REST API: a request in, a response out. Who carries them, a server or a gateway, is not its matter. */
export const createRestApi = (deps: RestDeps): Router =>
  createRouter([
    ...rootRoutes(deps),
    ...connectorPluginsRoutes(deps.registry),
    ...pluginConfigRoutes(deps.registry),
    ...validateRoutes(deps),
  ]);
