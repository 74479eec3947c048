import type { ConnectorConfig } from '../../../lib/api/config.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { createLogger } from '../../../lib/foundation/logger.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { systemRandom } from '../../../lib/foundation/random.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { localDynamodbConfig } from '../../../lib/local/dynalite.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { dynamodbClient } from '../../../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../../../lib/storage/dynamodb/dynamodb-table.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { envProvider } from '../../../lib/config-providers/env.ts';
import type { WorkerRequest } from '../../../lib/worker/protocol.ts';
import { handleWorkerRequest } from '../../../lib/worker/worker.ts';
import type { WorkerDeps } from '../../../lib/worker/worker-deps.ts';
import { realCadence, realWorkerTiming } from './timing.ts';

/** A worker function's process: takes requests from its parent, as Lambda's runtime would hand them in. */
const env = process.env;
const log = createLogger((line) => process.stderr.write(`${JSON.stringify(line)}\n`), 'warn');
const client = dynamodbClient(localDynamodbConfig(env['DYNAMODB_ENDPOINT'] ?? ''));
const kafka = connectKafka(
  { bootstrapServers: [env['BOOTSTRAP_SERVERS'] ?? ''], clientId: 'worker' },
  { log },
);
const deps: WorkerDeps = {
  state: clusterState(dynamodbTable({ client, tableName: env['TABLE_NAME'] ?? '', log })),
  kafka: async () => kafka,
  registry: new PluginRegistry(bundledPlugins),
  providers: { env: envProvider(env) },
  workerConfig: JSON.parse(env['WORKER_CONFIG'] ?? '{}') as ConnectorConfig,
  cadence: realCadence,
  timing: realWorkerTiming,
  clock: systemClock,
  random: systemRandom,
  log,
};

process.on('message', ({ id, request }: { id: number; request: WorkerRequest }) => {
  const never = new AbortController().signal;
  const invocation = {
    requestId: String(id),
    logGroup: 'test',
    logStream: String(process.pid),
    deadline: deadlineIn(300_000, systemClock),
    signal: never,
  };
  handleWorkerRequest(request, invocation, deps).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
// An orphan would go on moving data.
process.once('disconnect', () => process.exit());
process.send?.({ ready: true });
