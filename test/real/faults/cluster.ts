import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { KafkaClient } from '../../../lib/kafka/ports.ts';
import { localDynamodbConfig } from '../../../lib/local/dynalite.ts';
import { createTable } from '../../../lib/storage/dynamodb/create-table.ts';
import { dynamodbClient } from '../../../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../../../lib/storage/dynamodb/dynamodb-table.ts';
import { clusterState, type ClusterState } from '../../../lib/storage/items/cluster-state.ts';
import { startDynamodbLocal } from '../servers/dynamodb-local.ts';
import { type RealKafka, startKafka } from '../servers/kafka.ts';
import { WorkerPlaces } from './worker-places.ts';

export interface FaultCluster extends AsyncDisposable {
  readonly folder: string;
  readonly broker: RealKafka;
  /** Straight to the broker, as `state` is to the table: what checks is not cut off. */
  readonly kafka: KafkaClient;
  readonly state: ClusterState;
  readonly places: WorkerPlaces;
  /** Of a process that goes straight to the table. */
  readonly environment: { readonly DYNAMODB_ENDPOINT: string; readonly TABLE_NAME: string };
}

const tableName = 'faults';

/** A real broker with a listener for each place, a real table, and nothing that runs on them yet. */
export async function openFaultCluster(placeCount: number): Promise<FaultCluster> {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-faults-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const dynamodb = resources.use(await startDynamodbLocal());
  const places = await WorkerPlaces.open(placeCount);
  resources.defer(() => places.close());
  const broker = resources.use(
    await startKafka({
      listeners: Object.fromEntries(places.all.map(({ listener }) => [listener, 'PLAINTEXT'])),
      advertised: Object.fromEntries(
        places.all.map(({ listener, kafka }) => [listener, `127.0.0.1:${kafka.port}`]),
      ),
    }),
  );
  for (const place of places.all) {
    place.kafka.leadTo(portOf(broker.listeners[place.listener]));
    place.dynamodb.leadTo(Number(new URL(dynamodb.endpoint).port));
  }
  const client = dynamodbClient(localDynamodbConfig(dynamodb.endpoint));
  resources.defer(() => client.destroy());
  await createTable(client, tableName, systemClock);
  const bootstrapServers = [broker.bootstrapServers];
  const kafka = resources.use(connectKafka({ bootstrapServers, clientId: 'check' }, { log: silentLogger }));
  const state = clusterState(dynamodbTable({ client, tableName, log: silentLogger }));
  const kept = resources.move();
  return {
    folder,
    broker,
    kafka,
    state,
    places,
    environment: { DYNAMODB_ENDPOINT: dynamodb.endpoint, TABLE_NAME: tableName },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const portOf = (address = ''): number => Number(address.slice(address.lastIndexOf(':') + 1));
