import type { ConnectorContext } from '../api/context.ts';
import type { ConnectorPlugin, SinkPlugin, SourcePlugin } from '../api/connector.ts';
import { ConnectError, toConnectError } from '../api/errors.ts';
import { resolvePlaceholders, restorePlaceholders } from '../config-providers/placeholders.ts';
import { KnownSecrets } from '../config-providers/secrets.ts';
import { describeError } from '../errors/describe-error.ts';
import { reserve } from '../foundation/deadline.ts';
import { isExactlyOnceEnabled } from '../plugins/worker-config.ts';
import type { ConnectorItem } from '../storage/items/connector-item.ts';
import type { InvocationContext } from './invocation.ts';
import type { PlanRequest, PlanResponse } from './protocol.ts';
import { planSink } from './sink-plan.ts';
import type { WorkerDeps } from './worker-deps.ts';

const answerMs = 2_000;

/**
 * Computes a connector's split: `taskConfigs` of a source, the topic-partitions of a sink. Called synchronously by
 * the coordinator, which never touches Kafka or a vendor system itself. A failure is an answer, not an exception.
 */
export async function planTasks(
  request: PlanRequest,
  invocation: InvocationContext,
  deps: WorkerDeps,
): Promise<PlanResponse> {
  const connector = await deps.state.connectors.get(request.connector);
  if (connector === undefined || connector.configVersion !== request.configVersion) {
    return {
      ok: false,
      retriable: true,
      trace: `Connector ${request.connector} has changed since the plan was asked for`,
    };
  }
  const secrets = new KnownSecrets();
  try {
    const plugin = deps.registry.connector(connector.config['connector.class'] ?? '');
    const { backlog: withBacklog = false } = request;
    return await split(plugin, connector, { invocation, secrets, withBacklog }, deps);
  } catch (thrown) {
    const error = toConnectError(thrown);
    return { ok: false, retriable: error.retriable, trace: secrets.hide(describeError(error)) };
  }
}

interface Planning {
  readonly invocation: InvocationContext;
  readonly secrets: KnownSecrets;
  readonly withBacklog: boolean;
}

async function split(
  plugin: ConnectorPlugin,
  connector: ConnectorItem,
  { invocation, secrets, withBacklog }: Planning,
  deps: WorkerDeps,
): Promise<PlanResponse> {
  const config = await resolvePlaceholders(connector.config, deps.providers);
  secrets.learn(connector.config, config, plugin.configDef.keys);
  const deadline = reserve(invocation.deadline, answerMs);
  const context: ConnectorContext = {
    signal: invocation.signal,
    deadline,
    log: secrets.logger(deps.log.with({ connector: connector.name })),
    clock: deps.clock,
    connector: connector.name,
    offsets: {
      get: (partition) => deps.state.offsets.peek(connector.name, partition),
      getAll: (partitions) =>
        Promise.all(partitions.map((partition) => deps.state.offsets.peek(connector.name, partition))),
    },
  };
  const tasksMax = Number(config['tasks.max'] ?? 1);
  const taskConfigs = await callConnector(plugin, config, tasksMax, context);
  const stored = taskConfigs.map((taskConfig) => restorePlaceholders(taskConfig, connector.config));
  if (plugin.kind === 'source') {
    const exactlyOnce = isExactlyOnceEnabled(deps.workerConfig);
    return { ok: true, type: 'source', tasks: stored, ...(exactlyOnce && { exactlyOnce }) };
  }
  const options = { signal: invocation.signal, deadline };
  const partitions = await planSink(config, connector.name, { deps, options, withBacklog });
  return { ok: true, type: 'sink', config: stored[0] ?? connector.config, partitions };
}

async function callConnector(
  plugin: SourcePlugin | SinkPlugin,
  config: Readonly<Record<string, string>>,
  tasksMax: number,
  context: ConnectorContext,
) {
  const connector = await plugin.connector();
  try {
    await connector.start?.(config, context);
    const configs =
      connector.taskConfigs === undefined ? [config] : await connector.taskConfigs(tasksMax, context);
    if (configs.length > tasksMax && config['tasks.max.enforce']?.toLowerCase() !== 'false') {
      throw new ConnectError(
        `The connector ${context.connector} has generated ${configs.length} tasks, which is greater than ${tasksMax}, the maximum number of tasks it is configured to create.`,
        {
          hint: 'Raise tasks.max, or set tasks.max.enforce=false to run them all.',
        },
      );
    }
    return configs;
  } finally {
    await connector.stop?.();
  }
}
