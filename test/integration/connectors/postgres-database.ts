import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../lib/local/embedded-postgres.ts';

export interface TestDatabase {
  readonly url: string;
  run(sql: string, values?: unknown[]): Promise<unknown[][]>;
  /** A second session, for transactions that overlap. */
  session(): Promise<pg.Client>;
}

/** One PostgreSQL server for a file of tests; `database` makes an empty database for one test. */
export function postgresServer(): {
  database(): Promise<TestDatabase>;
  readonly server: () => EmbeddedPostgres;
} {
  let server: EmbeddedPostgres | undefined;
  let folder = '';
  let count = 0;
  const started = (): EmbeddedPostgres => {
    if (server === undefined) throw new Error('PostgreSQL is not running');
    return server;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-postgres-'));
    server = await startEmbeddedPostgres({ directory: folder });
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const connect = async (url: string): Promise<pg.Client> => {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  };

  return {
    server: started,
    database: async () => {
      const name = `test_${count++}`;
      const admin = await connect(started().url);
      await admin.query(`CREATE DATABASE ${name}`);
      const url = started().url.replace(/postgres$/, name);
      const client = await connect(url);
      return {
        url,
        run: async (sql, values) =>
          (await client.query({ text: sql, ...(values === undefined ? {} : { values }), rowMode: 'array' }))
            .rows as unknown[][],
        session: () => connect(url),
      };
    },
  };
}
