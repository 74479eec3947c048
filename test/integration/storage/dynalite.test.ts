import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createLogger, type LogLine, silentLogger } from '../../../lib/foundation/logger.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { type LocalDynamodb, startDynalite } from '../../../lib/local/dynalite.ts';
import { createTable } from '../../../lib/storage/dynamodb/create-table.ts';
import { dynamodbClient } from '../../../lib/storage/dynamodb/dynamodb-client.ts';
import { dynamodbTable } from '../../../lib/storage/dynamodb/dynamodb-table.ts';
import { describeTable } from '../../../lib/testing/table-suite.ts';
import { describeOffsetPages } from '../../unit/storage/offset-pages-suite.ts';

const tableName = 'sluice-test';

async function open(server: LocalDynamodb) {
  const client = dynamodbClient(server.clientConfig);
  await createTable(client, tableName, systemClock);
  const close = async (): Promise<void> => {
    client.destroy();
    await server.close();
  };
  return { client, table: dynamodbTable({ client, tableName, log: silentLogger }), close };
}

describeTable('dynalite', async () => open(await startDynalite()));
describeOffsetPages('dynalite', async () => open(await startDynalite()));

describe('a local table with a directory', () => {
  const folders: string[] = [];
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  it('still has its items after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-table-'));
    folders.push(folder);
    const directory = join(folder, 'created', 'on', 'demand');
    const before = await open(await startDynalite({ directory }));
    await before.table.put({ pk: 'connectors', sk: 'orders', state: 'RUNNING' });
    await before.close();

    const after = await open(await startDynalite({ directory }));
    expect(await after.table.get({ pk: 'connectors', sk: 'orders' })).toEqual({
      pk: 'connectors',
      sk: 'orders',
      state: 'RUNNING',
    });
    await after.close();
  });
});

describe('creating the table', () => {
  it('leaves an existing table as it is', async () => {
    const { client, table, close } = await open(await startDynalite());
    await table.put({ pk: 'a', sk: 'b' });
    await createTable(client, tableName, systemClock);
    expect(await table.get({ pk: 'a', sk: 'b' })).toBeDefined();
    await close();
  });
});

describe('errors of the table', () => {
  it('names a table that does not exist, and says what to check', async () => {
    const { client, close } = await open(await startDynalite());
    const table = dynamodbTable({ client, tableName: 'no-such-table', log: silentLogger });
    await expect(table.get({ pk: 'a', sk: 'b' })).rejects.toMatchObject({
      message: expect.stringContaining('could not read from table no-such-table'),
      hint: expect.stringContaining('There is no table no-such-table'),
      retriable: false,
    });
    await close();
  });

  it('says that an item is too large, without asking for a retry', async () => {
    const { table, close } = await open(await startDynalite());
    await expect(table.put({ pk: 'a', sk: 'b', text: 'x'.repeat(500_000) })).rejects.toMatchObject({
      hint: expect.stringContaining('400 KB'),
      retriable: false,
    });
    await close();
  });

  it('asks for a retry when nothing listens at the endpoint', async () => {
    const server = await startDynalite();
    const { client, close } = await open(server);
    await server.close();
    const impatient = dynamodbClient({ ...server.clientConfig, maxAttempts: 1 });
    const table = dynamodbTable({ client: impatient, tableName, log: silentLogger });
    await expect(table.put({ pk: 'a', sk: 'b' })).rejects.toMatchObject({
      code: 'RETRIABLE',
      hint: expect.stringContaining('tried again'),
    });
    impatient.destroy();
    client.destroy();
    await close();
  });
});

describe('a write whose answer is lost', () => {
  /** The server applies the first request, but the client sees its connection break and sends it again. */
  function loseFirstAnswer(client: DynamoDBClient): void {
    let lost = false;
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if (lost) return answer;
        lost = true;
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
      },
      { step: 'deserialize', priority: 'high' },
    );
  }

  it('counts as applied when its token is found, which is logged', async () => {
    const { client, table, close } = await open(await startDynalite());
    await table.put({ pk: 'offsets#orders', sk: 'a', version: 0 });
    const lines: LogLine[] = [];
    const logged = dynamodbTable({ client, tableName, log: createLogger((line) => lines.push(line)) });
    loseFirstAnswer(client);
    const result = await logged.update(
      { pk: 'offsets#orders', sk: 'a' },
      { add: { version: 1 } },
      { if: { equals: ['version', 0] }, token: 't' },
    );
    expect(result).toEqual({
      applied: true,
      item: { pk: 'offsets#orders', sk: 'a', version: 1, writeToken: 't' },
    });
    expect(lines).toEqual([
      expect.objectContaining({
        table: tableName,
        pk: 'offsets#orders',
        message: expect.stringContaining('recognised'),
      }),
    ]);
    await close();
  });
});
