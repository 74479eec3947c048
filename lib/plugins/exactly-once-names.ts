import type { ConnectorConfig } from '../api/config.ts';

/** As in the properties of Connect's sample worker. */
const defaultGroupId = 'connect-cluster';

const groupIdOf = (workerConfig: ConnectorConfig): string =>
  given(workerConfig, 'group.id') ?? defaultGroupId;

/** What the transactional ids of a connector's tasks begin with. */
export const transactionalIdPrefix = (workerConfig: ConnectorConfig, connector: string): string =>
  `${groupIdOf(workerConfig)}-${connector}-`;

/** The transactional id of a task, as Connect names it: whoever initialises it fences the one before. */
export const transactionalId = (workerConfig: ConnectorConfig, connector: string, task: number): string =>
  `${transactionalIdPrefix(workerConfig, connector)}${task}`;

/** The connector's own offsets topic, else the cluster's. */
export const offsetsTopicName = (config: ConnectorConfig, workerConfig: ConnectorConfig): string =>
  given(config, 'offsets.storage.topic') ??
  given(workerConfig, 'offset.storage.topic') ??
  `${groupIdOf(workerConfig)}-offsets`;

function given(config: ConnectorConfig, key: string): string | undefined {
  const value = config[key]?.trim();
  return value === '' ? undefined : value;
}
