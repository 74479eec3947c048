import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle } from '../../infra/build-bundle.ts';
import { defaultMemorySize, nodeOptions } from '../../infra/function-memory.ts';
import { type Entry, entrySource } from '../../infra/bundling.ts';
import { PluginModules } from '../../infra/plugin-modules.ts';
import { systemClock } from '../../lib/foundation/clock.ts';
import { deadlineIn } from '../../lib/foundation/deadline.ts';
import { silentLogger } from '../../lib/foundation/logger.ts';
import { type DevBroker, startDevBroker } from '../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../lib/kafka/client/connect-kafka.ts';
import { type LocalDynamodb, startDynalite } from '../../lib/local/dynalite.ts';
import { createTable } from '../../lib/storage/dynamodb/create-table.ts';
import { dynamodbClient } from '../../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../../lib/storage/dynamodb/dynamodb-table.ts';
import { clusterState, type ClusterState } from '../../lib/storage/items/cluster-state.ts';
import { FunctionProcess, startLambdaApi } from './function-process.ts';

/** The three bundled functions, each in a process of its own, on stand-ins for Lambda, DynamoDB and Kafka. */
describe('the functions as they are deployed', () => {
  const functions = new Map<string, FunctionProcess>();
  let folder: string;
  let dynalite: LocalDynamodb;
  let broker: DevBroker;
  let lambda: Awaited<ReturnType<typeof startLambdaApi>>;
  let state: ClusterState;
  const closing: (() => Promise<unknown> | void)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-deployed-'));
    closing.push(() => rm(folder, { recursive: true }));
    dynalite = await startDynalite();
    closing.push(() => dynalite.close());
    const client = dynamodbClient(dynalite.clientConfig);
    closing.push(() => client.destroy());
    await createTable(client, 'cluster', systemClock);
    state = clusterState(dynamodbTable({ client, tableName: 'cluster', log: silentLogger }));
    broker = await startDevBroker();
    closing.push(() => broker.close());
    lambda = await startLambdaApi(functions);
    closing.push(() => lambda.close());

    const modules = new PluginModules();
    await start({ name: 'shop-coordinator', module: 'coordinator', plugins: [] });
    await start({
      name: 'shop-connector-resource',
      module: 'connector-resource',
      factory: 'createConnectorResourceHandler',
      plugins: modules.paths,
    });
    await start({
      name: 'shop-lines',
      module: 'worker',
      factory: 'createWorkerHandler',
      plugins: modules.paths,
    });
  });

  afterAll(async () => {
    for (const process of functions.values()) await process.stop();
    for (const close of closing.toReversed()) await close();
  });

  async function start(entry: Entry): Promise<void> {
    const source = join(folder, `${entry.name}.ts`);
    await writeFile(source, entrySource(entry));
    buildBundle(source, join(folder, entry.name));
    const environment = {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: dynalite.endpoint,
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
      AWS_LAMBDA_FUNCTION_NAME: entry.name,
      NODE_OPTIONS: nodeOptions(defaultMemorySize),
      SLUICE_TABLE: 'cluster',
      SLUICE_COORDINATOR: 'shop-coordinator',
      SLUICE_BOOTSTRAP_SERVERS: broker.bootstrapServers,
    };
    functions.set(
      entry.name,
      await FunctionProcess.start(join(folder, entry.name, 'index.mjs'), environment),
    );
  }

  const invoke = (name: string, event: unknown): Promise<unknown> =>
    functions.get(name)?.invoke(event) ?? Promise.reject(new Error(name));

  async function request(
    type: 'Create' | 'Update' | 'Delete',
    config: Record<string, string>,
  ): Promise<unknown> {
    lambda.answers.length = 0;
    await invoke('shop-connector-resource', {
      RequestType: type,
      ResponseURL: `${lambda.url}/answer`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Lines',
      ...(type === 'Create' ? {} : { PhysicalResourceId: 'lines' }),
      ResourceProperties: {
        Name: 'lines',
        Config: JSON.stringify(config),
        FunctionName: 'shop-lines',
        CodeVersion: 'v1',
      },
    });
    return lambda.answers[0];
  }

  const log = (): string => [...functions].map(([name, { output }]) => `--- ${name}\n${output}`).join('\n');

  async function recordsInTopic(): Promise<number> {
    await using kafka = connectKafka({
      bootstrapServers: broker.bootstrapServers.split(','),
      clientId: 'test',
    });
    const deadline = deadlineIn(10_000, systemClock);
    if (!(await kafka.describeTopics(['lines'], { deadline })).has('lines')) return 0;
    const offsets = await kafka.listOffsets([{ topic: 'lines', partition: 0, at: 'latest' }], { deadline });
    return Number([...offsets.values()][0]?.offset ?? 0n);
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      if (await condition()) return;
      await systemClock.sleep(50);
    }
    throw new Error(`It did not happen.\n${log()}`);
  }

  const config = (): Record<string, string> => ({
    'connector.class': 'FileStreamSource',
    file: join(folder, 'lines.txt'),
    topic: 'lines',
    'value.converter': 'StringConverter',
    'topic.creation.default.partitions': '1',
    'topic.creation.default.replication.factor': '1',
  });

  it('refuse a bad config, and tell CloudFormation why', async () => {
    expect(await request('Create', { ...config(), 'tasks.max': '0' })).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('Invalid value 0 for configuration tasks.max'),
      PhysicalResourceId: 'lines (not created)',
    });
    expect(await state.connectors.get('lines')).toBeUndefined();
  });

  it('take a connector of the stack and move its data, at once and at each later tick', async () => {
    await writeFile(join(folder, 'lines.txt'), 'one\ntwo\nthree\n');
    expect(await request('Create', config())).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'lines',
    });
    await until(async () => (await recordsInTopic()) === 3);

    await appendFile(join(folder, 'lines.txt'), 'four\n');
    await until(async () => {
      await state.connectors.runNow('lines', systemClock.now());
      expect(await invoke('shop-coordinator', {})).toMatchObject({ failed: [] });
      return (await recordsInTopic()) === 4;
    });
  });

  it('delete the connector, and keep its offsets', async () => {
    expect(await request('Delete', config())).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'lines',
    });
    expect(await state.connectors.get('lines')).toBeUndefined();
    expect(await state.offsets.list('lines')).toMatchObject([{ offset: { position: 19 } }]);
  });
});
