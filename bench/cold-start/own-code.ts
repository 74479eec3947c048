import * as file from '../../lib/connectors/file/index.ts';
import * as text from '../../lib/converters/string-converter.ts';
import { connectKafka } from '../../lib/kafka/client/connect-kafka.ts';
import { pluginsOf, PluginRegistry } from '../../lib/plugins/registry.ts';
import { clusterState } from '../../lib/storage/items/cluster-state.ts';
import { handleWorkerRequest } from '../../lib/worker/worker.ts';

/** What the function of a file source is made of, its Kafka client included and the AWS SDK left out. */
export const parts: unknown = {
  registry: new PluginRegistry([...pluginsOf(file), ...pluginsOf(text)]),
  handleWorkerRequest,
  clusterState,
  connectKafka,
};
