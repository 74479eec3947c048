import { LambdaClient } from '@aws-sdk/client-lambda';
import middy from '@middy/core';
import type { Plugin } from '../lib/api/connector.ts';
import { Herder } from '../lib/coordinator/herder.ts';
import { systemClock } from '../lib/foundation/clock.ts';
import { systemRandom } from '../lib/foundation/random.ts';
import { PluginRegistry } from '../lib/plugins/registry.ts';
import { readClusterEnvironment } from './cluster-environment.ts';
import { applyConnector, type ConnectorProperties } from './connector-lifecycle.ts';
import { invocationOf } from './invocation.ts';
import { lambdaInvoker } from './lambda-invoker.ts';
import { lambdaLogger } from './lambda-logger.ts';
import { customResourceResponse, type CustomResourceRequest } from './middleware/custom-resource-response.ts';
import { openState } from './open-state.ts';

/** The function behind Custom::SluiceConnector: hands what a stack wants to the herder. */
export function createConnectorResourceHandler(plugins: readonly Plugin[]) {
  const { tableName, coordinatorName = '', workerConfig } = readClusterEnvironment(process.env);
  const log = lambdaLogger();
  const state = openState(tableName, log);
  const invoker = lambdaInvoker(new LambdaClient({}), log);
  const nudge = (connector: string): Promise<void> => invoker.nudge(coordinatorName, connector);
  const herder = new Herder({
    state,
    registry: new PluginRegistry(plugins),
    clock: systemClock,
    random: systemRandom,
    workerConfig,
    nudge,
  });
  const deps = { herder, state, nudge, clock: systemClock, log };
  return middy<CustomResourceRequest<ConnectorProperties>, null>()
    .use(customResourceResponse<ConnectorProperties>({ physicalId: ({ Name }) => Name }))
    .handler(async (request, context) => {
      await applyConnector(request, invocationOf(context).deadline, deps);
      return null;
    });
}
