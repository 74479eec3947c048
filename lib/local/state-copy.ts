import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../api/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { startDevBroker } from '../kafka/dev-broker/dev-broker.ts';
import { dynamodbClient } from '../storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../storage/dynamodb/dynamodb-table.ts';
import type { Table } from '../storage/table.ts';
import { startDynalite } from './dynalite.ts';
import { stateFolders, tableName } from './open-local-cluster.ts';

/** What an earlier session left behind. */
export interface StateCopy extends AsyncDisposable {
  readonly table: Table;
  /** Starts a broker over the topics of the embedded Kafka; undefined when there are none. */
  readonly startBroker: () => Promise<string[] | undefined>;
}

/**
 * Opens a copy of a state folder of `sluice dev`, which stays as it is: neither its table nor its broker can be opened
 * without writing to it.
 */
export async function openStateCopy(directory: string, log: Logger): Promise<StateCopy> {
  if (!(await isFolder(join(directory, stateFolders.table)))) {
    throw new ConfigError(`There is no state in ${directory}`, {
      hint: 'Give the folder of an earlier `sluice dev --state DIR`, or leave --state out to read from the beginning.',
    });
  }
  await using resources = new AsyncDisposableStack();
  const copy = await mkdtemp(join(tmpdir(), 'sluice-state-'));
  resources.defer(() => rm(copy, { recursive: true, force: true }));
  const copied = async (name: string): Promise<string> => {
    await cp(join(directory, name), join(copy, name), { recursive: true });
    return join(copy, name);
  };
  const dynalite = resources.use(await startDynalite({ directory: await copied(stateFolders.table) }));
  const client = dynamodbClient(dynalite.clientConfig);
  resources.defer(() => client.destroy());
  const kept = resources.move();
  return {
    table: dynamodbTable({ client, tableName, log }),
    async startBroker() {
      if (!(await isFolder(join(directory, stateFolders.kafka)))) return undefined;
      const broker = await startDevBroker({ log, directory: await copied(stateFolders.kafka) });
      kept.defer(() => broker.close());
      return [broker.bootstrapServers];
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
