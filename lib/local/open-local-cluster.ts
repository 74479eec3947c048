import { join } from 'node:path';
import type { Plugin } from '../api/connector.ts';
import type { CadencePolicy } from '../coordinator/schedule.ts';
import { systemClock } from '../foundation/clock.ts';
import { deadlineIn } from '../foundation/deadline.ts';
import type { Logger } from '../foundation/logger.ts';
import { startDevBroker } from '../kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../kafka/client/connect-kafka.ts';
import type { KafkaClient, KafkaPlace } from '../kafka/ports.ts';
import { createTable } from '../storage/dynamodb/create-table.ts';
import { dynamodbClient } from '../storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../storage/dynamodb/dynamodb-table.ts';
import type { Table } from '../storage/table.ts';
import { countingTable, type TableCounts } from './counting-table.ts';
import { startDynalite } from './dynalite.ts';
import { LocalCluster } from './local-cluster.ts';

export interface OpenOptions {
  readonly plugins: readonly Plugin[];
  /** A real Kafka; absent: the embedded broker. */
  readonly kafka?: KafkaPlace;
  /** Folder that keeps offsets, and the embedded broker's topics, between sessions. */
  readonly stateDirectory?: string;
  readonly cadence: CadencePolicy;
  /** Run sources with exactly-once delivery. Default false. */
  readonly exactlyOnce?: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
}

export interface OpenCluster extends AsyncDisposable {
  readonly cluster: LocalCluster;
  readonly kafka: KafkaClient;
  readonly table: Table;
  readonly counts: TableCounts;
  readonly bootstrapServers: readonly string[];
}

export const tableName = 'sluice';
/** Inside the state folder. */
export const stateFolders = { table: 'dynamodb', kafka: 'kafka' } as const;
/** One broker has no room for Connect's three replicas of the offsets topic. */
const exactlyOnceWorker = {
  'group.id': 'sluice',
  'exactly.once.source.support': 'enabled',
  'offset.storage.replication.factor': '-1',
};
const brokerCheckMs = 6_000;

/** A cluster in this process with everything it stands on: the table, the broker (or the way to a real one). */
export async function openLocalCluster(options: OpenOptions): Promise<OpenCluster> {
  const { stateDirectory, log, plugins, environment, cadence, exactlyOnce = false } = options;
  await using resources = new AsyncDisposableStack();
  const dynalite = resources.use(
    await startDynalite(
      stateDirectory === undefined ? {} : { directory: join(stateDirectory, stateFolders.table) },
    ),
  );
  const client = dynamodbClient(dynalite.clientConfig);
  resources.defer(() => client.destroy());
  await createTable(client, tableName, systemClock);
  const { table, counts } = countingTable(dynamodbTable({ client, tableName, log }));
  const place = options.kafka ?? (await embeddedBroker(stateDirectory, log, resources));
  const kafka = resources.use(connectKafka({ ...place, clientId: 'sluice' }, { log }));
  // A broker that cannot be reached is told at once, before anything is started.
  await kafka.listTopics({ deadline: deadlineIn(brokerCheckMs, systemClock) });
  const cluster = new LocalCluster({
    table,
    kafka,
    plugins,
    environment,
    log,
    cadence,
    workerConfig: exactlyOnce ? exactlyOnceWorker : {},
  });
  const kept = resources.move();
  return {
    cluster,
    kafka,
    table,
    counts,
    bootstrapServers: place.bootstrapServers,
    [Symbol.asyncDispose]: async () => {
      await cluster.stop();
      await kept.disposeAsync();
    },
  };
}

async function embeddedBroker(
  stateDirectory: string | undefined,
  log: Logger,
  resources: AsyncDisposableStack,
): Promise<KafkaPlace> {
  const broker = await startDevBroker({
    log,
    ...(stateDirectory === undefined ? {} : { directory: join(stateDirectory, stateFolders.kafka) }),
  });
  resources.defer(() => broker.close());
  return { bootstrapServers: [broker.bootstrapServers] };
}
