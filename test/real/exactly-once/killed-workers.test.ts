import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Herder } from '../../../lib/coordinator/herder.ts';
import type { CoordinatorDeps } from '../../../lib/coordinator/pass.ts';
import { tick } from '../../../lib/coordinator/tick.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { silentLogger } from '../../../lib/foundation/logger.ts';
import { systemRandom } from '../../../lib/foundation/random.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { KafkaClient, KafkaRecord } from '../../../lib/kafka/ports.ts';
import { localDynamodbConfig } from '../../../lib/local/dynalite.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { PluginRegistry } from '../../../lib/plugins/registry.ts';
import { createTable } from '../../../lib/storage/dynamodb/create-table.ts';
import { dynamodbClient } from '../../../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../../../lib/storage/dynamodb/dynamodb-table.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { startDynamodbLocal } from '../servers/dynamodb-local.ts';
import { startKafka } from '../servers/kafka.ts';
import { readTopic } from '../spine/read-topic.ts';
import { ProcessLambda } from '../spine/process-lambda.ts';
import { realCadence, realTiming } from '../spine/timing.ts';

const lines = 40_000;
const rows = 15_000;
const tables = ['a', 'b'];
const total = lines + tables.length * rows;
const topics = ['lines', 'rows-a', 'rows-b'];
const workerConfig = {
  'group.id': 'real',
  'exactly.once.source.support': 'enabled',
  'offset.storage.partitions': '3',
  'offset.storage.replication.factor': '1',
};
const strings = { 'value.converter': 'org.apache.kafka.connect.storage.StringConverter' };
const kills = 5;

/**
 * A file and two tables through a real Kafka, exactly once, while the process that does the work is killed again and
 * again (SIGKILL), and frozen past its lease once. Read back with read_committed, record by record.
 */
describe('exactly-once sources under fire', () => {
  const resources = new AsyncDisposableStack();
  let kafka: KafkaClient;
  let lambda: ProcessLambda;
  let coordinator: CoordinatorDeps;
  const names = ['lines', 'rows'];

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-exactly-once-'));
    resources.defer(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'lines.txt');
    await writeFile(file, Array.from({ length: lines }, (_, n) => `line ${n}\n`).join(''));
    const database = join(folder, 'rows.db');
    fill(database);
    const broker = await startKafka();
    resources.defer(() => broker.close());
    const dynamodb = await startDynamodbLocal();
    resources.defer(() => dynamodb.close());
    const client = dynamodbClient(localDynamodbConfig(dynamodb.endpoint));
    resources.defer(() => client.destroy());
    await createTable(client, 'exactly-once', systemClock);
    const bootstrapServers = [broker.bootstrapServers];
    kafka = resources.use(connectKafka({ bootstrapServers, clientId: 'test' }, { log: silentLogger }));
    lambda = new ProcessLambda(() => ({
      environment: {
        DYNAMODB_ENDPOINT: dynamodb.endpoint,
        BOOTSTRAP_SERVERS: broker.bootstrapServers,
        TABLE_NAME: 'exactly-once',
        WORKER_CONFIG: JSON.stringify(workerConfig),
      },
    }));
    resources.defer(() => lambda.close());
    const state = clusterState(dynamodbTable({ client, tableName: 'exactly-once', log: silentLogger }));
    const shared = { state, clock: systemClock, random: systemRandom };
    coordinator = {
      ...shared,
      invoker: lambda,
      log: silentLogger,
      timing: realTiming,
      cadence: realCadence,
    };
    const registry = new PluginRegistry(bundledPlugins);
    const herder = new Herder({ ...shared, registry, workerConfig, nudge: async () => undefined });
    const required = { 'exactly.once.support': 'required', ...strings };
    const worker = { functionName: 'worker', version: '1' };
    await herder.put(
      'lines',
      { 'connector.class': 'FileStreamSource', file, topic: 'lines', 'batch.size': '40', ...required },
      { worker },
    );
    await herder.put(
      'rows',
      {
        'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
        'connection.url': `jdbc:sqlite:${database}`,
        mode: 'incrementing',
        'incrementing.column.name': 'id',
        'topic.prefix': 'rows-',
        'tasks.max': '2',
        'batch.max.rows': '40',
        'poll.interval.ms': '100',
        ...required,
        'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
        'value.converter.schemas.enable': 'false',
      },
      { worker },
    );
  });
  afterAll(() => resources.disposeAsync());

  it('brings every record to readers of committed records once, in order', async () => {
    const killedAt: number[] = [];
    let thaw: (() => void) | undefined;
    let frozenAt = 0;
    const limit = deadlineIn(600_000, systemClock);
    for (;;) {
      await tick(coordinator, names);
      const committed = await countCommitted();
      if (killedAt.length < kills && committed > (total * (killedAt.length + 1)) / (kills + 3)) {
        lambda.kill();
        killedAt.push(committed);
      } else if (
        frozenAt === 0 &&
        killedAt.length === kills &&
        committed > (total * (kills + 1)) / (kills + 3)
      ) {
        ({ thaw } = lambda.freeze());
        frozenAt = systemClock.now();
      }
      if (thaw !== undefined && systemClock.now() - frozenAt > 2 * realTiming.leaseMs) {
        thaw();
        thaw = undefined;
      }
      if (limit.expired)
        throw new Error(`Not done in ten minutes: ${committed} records, ${lambda.output.slice(-5).join('')}`);
      if (committed >= total && frozenAt > 0 && thaw === undefined) break;
      await systemClock.sleep(100);
    }
    expect(killedAt).toHaveLength(kills);
    const found = await Promise.all(topics.map((topic) => readTopic(kafka, topic)));
    expect(textOf(found[0])).toEqual(Array.from({ length: lines }, (_, n) => `line ${n}`));
    for (const records of found.slice(1))
      expect(idsOf(records)).toEqual(Array.from({ length: rows }, (_, n) => n + 1));
    expect((await offsetsAtEnd()).toSorted()).toEqual(
      [
        `lines ${JSON.stringify({ position: lineBytes() })}`,
        ...tables.map(() => `rows ${JSON.stringify({ incrementing: rows })}`),
      ].toSorted(),
    );
    process.stdout.write(
      `${total} records, killed at ${killedAt.join(', ')}, frozen once: 0 lost, 0 twice, in order\n`,
    );
  });

  function fill(path: string): void {
    const db = new DatabaseSync(path);
    for (const table of tables) {
      db.exec(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY, name TEXT NOT NULL); BEGIN`);
      const insert = db.prepare(`INSERT INTO ${table} (name) VALUES (?)`);
      for (let n = 1; n <= rows; n++) insert.run(`row ${n}`);
      db.exec('COMMIT');
    }
    db.close();
  }

  const lineBytes = (): number =>
    Array.from({ length: lines }, (_, n) => `line ${n}\n`.length).reduce((sum, length) => sum + length, 0);

  /** From the stats of the runs; those of killed ones are known as of their last heartbeat, so the table tells. */
  async function countCommitted(): Promise<number> {
    let count = 0;
    for (const name of names) {
      for (const { offset } of await coordinator.state.offsets.list(name)) {
        if (offset === null) continue;
        const { incrementing, position } = offset;
        count += Number(incrementing ?? Math.floor((Number(position) * lines) / lineBytes()));
      }
    }
    return count;
  }

  /** The last record of each key on the offsets topic. */
  async function offsetsAtEnd(): Promise<string[]> {
    const last = new Map<string, string>();
    for (const { key, value } of await readTopic(kafka, 'real-offsets'))
      last.set(Buffer.from(key ?? []).toString(), Buffer.from(value ?? []).toString());
    return [...last].map(([key, value]) => `${(JSON.parse(key) as [string])[0]} ${value}`);
  }

  const textOf = (records: readonly KafkaRecord[] = []): string[] =>
    records.map(({ value }) => Buffer.from(value ?? []).toString());
  const idsOf = (records: readonly KafkaRecord[]): number[] =>
    textOf(records).map((text) => (JSON.parse(text) as { id: number }).id);
});
