import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runConnector } from 'sluice/testing';
import { OrdersDatabase } from '../../../bench/kafka/orders-database.ts';
import { jdbcConfig, topicEnding } from '../../../bench/kafka/postgres-contenders.ts';
import { copyLine, tableOrder } from '../../../bench/kafka/table-orders.ts';
import { writeRecords } from '../../../bench/records-file.ts';
import { defined } from '../../../lib/foundation/assert.ts';

let folder = '';
let started: OrdersDatabase | undefined;
const database = (): OrdersDatabase => defined(started, 'the database');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-bench-orders-'));
  await chmod(folder, 0o755);
  started = await OrdersDatabase.start(join(folder, 'postgres'));
});

afterAll(async () => {
  await started?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function load(from: number, count: number): Promise<void> {
  const file = join(folder, 'rows');
  await writeRecords(file, count, (index) => copyLine(tableOrder(from + index)));
  await database().load(file);
}

it('the rows the bench loads arrive as the JSON they are counted as, page after page', async () => {
  const topic = `bench${topicEnding}`;
  await load(0, 2500);
  const config = jdbcConfig({ topic, database: database().address });
  await using run = await runConnector({ config: { name: 'orders', ...config } });
  expect(run.raw(topic).map(({ value }) => Buffer.from(value ?? []).toString())).toEqual(
    Array.from({ length: 2500 }, (_, i) => JSON.stringify(tableOrder(i))),
  );
});

it('loading again leaves the new rows alone, in a database that Debezium may read', async () => {
  await load(100, 3);
  await load(7, 5);
  const { host, port, name, user, password } = database().address;
  const client = new pg.Client({ host, port, database: name, user, password });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT min(id), max(id), count(*)::int FROM orders');
    expect(rows).toEqual([{ min: '4000007', max: '4000011', count: 5 }]);
    expect((await client.query('SHOW wal_level')).rows).toEqual([{ wal_level: 'logical' }]);
  } finally {
    await client.end();
  }
});
