import { ConnectError, toConnectError } from '../lib/api/errors.ts';
import type { ConnectorConfig } from '../lib/api/config.ts';
import type { Herder } from '../lib/coordinator/herder.ts';
import type { Clock } from '../lib/foundation/clock.ts';
import type { Deadline } from '../lib/foundation/deadline.ts';
import type { Logger } from '../lib/foundation/logger.ts';
import type { ClusterState } from '../lib/storage/items/cluster-state.ts';
import type { CustomResourceRequest } from './middleware/custom-resource-response.ts';

/** Properties of Custom::SluiceConnector. The config is JSON text: CloudFormation would turn its values about. */
export interface ConnectorProperties {
  readonly Name: string;
  readonly Config: string;
  readonly FunctionName: string;
  readonly CodeVersion: string;
}

export interface LifecycleDeps {
  readonly herder: Herder;
  readonly state: Pick<ClusterState, 'connectors'>;
  readonly nudge: (connector: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

const pollMs = 2_000;

/** Creates, changes or deletes the connector a stack describes; repeated by CloudFormation, it changes nothing more. */
export async function applyConnector(
  request: CustomResourceRequest<ConnectorProperties>,
  deadline: Deadline,
  deps: LifecycleDeps,
): Promise<void> {
  const { Name: name, Config, FunctionName: functionName, CodeVersion: version } = request.ResourceProperties;
  if (request.RequestType === 'Delete') return remove(request.PhysicalResourceId ?? name, deadline, deps);
  await deps.herder.put(name, JSON.parse(Config) as ConnectorConfig, { worker: { functionName, version } });
}

/**
 * Deletes and waits: the stack takes away the connector's function next, and a run needs it to end in order. Its
 * offsets are kept, as in Kafka Connect.
 */
async function remove(name: string, deadline: Deadline, deps: LifecycleDeps): Promise<void> {
  const { herder, state, clock, log } = deps;
  try {
    await herder.delete(name);
  } catch (thrown) {
    const error = toConnectError(thrown);
    if (error.code !== 'NOT_FOUND') throw error;
  }
  while ((await state.connectors.get(name)) !== undefined) {
    if (deadline.remaining() < 2 * pollMs) {
      throw new ConnectError(`Connector ${name} is still ending its runs`, {
        hint: 'Delete the stack again in a few minutes.',
      });
    }
    log.debug('waiting for the connector to end its runs', { connector: name });
    await deps.nudge(name);
    await clock.sleep(pollMs);
  }
}
