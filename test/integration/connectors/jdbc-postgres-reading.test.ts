import pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { SourceRecord } from '../../../lib/api/record.ts';
import { jdbcSource } from '../../../lib/connectors/jdbc/index.ts';
import { MemoryOffsets } from '../../../lib/testing/memory-offsets.ts';
import { drainSource, planSource, SourceRun } from '../../../lib/testing/source-run.ts';
import { configFor, counting, idOf, ids, row, tiedTable, timestamps } from './jdbc-tables.ts';
import { postgresServer } from './postgres-database.ts';

const postgres = postgresServer();

describe('JDBC source, PostgreSQL: reading', () => {
  it('reads a table whose names need quotes', async () => {
    const database = await postgres.database();
    await database.run(
      'CREATE SCHEMA "My ""Schema"; CREATE TABLE "My ""Schema"."a.b,c" (id serial PRIMARY KEY, "Größe" int NOT NULL); INSERT INTO "My ""Schema"."a.b,c" ("Größe") VALUES (7)',
    );
    const [record] = await drainSource(jdbcSource, configFor(database, counting));
    expect(record?.topic).toBe('pg-a.b,c');
    expect(record && row(record).get('Größe')).toBe(7);
  });

  it('finds the column the database counts up', async () => {
    const database = await postgres.database();
    await database.run(
      'CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, name text); INSERT INTO t (name) VALUES (1), (2)',
    );
    expect(ids(await drainSource(jdbcSource, configFor(database, { mode: 'incrementing' })))).toEqual([1, 2]);
  });

  it('reads rows with negative numbers too', async () => {
    const database = await postgres.database();
    await database.run('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (-5), (0), (5)');
    expect(ids(await drainSource(jdbcSource, configFor(database, counting)))).toEqual([-5, 0, 5]);
  });

  it('misses a row that is committed late without a delay, and finds it with one', async () => {
    for (const [delay, expected] of [
      ['0', [2]],
      ['600000', []],
    ] as const) {
      const database = await postgres.database();
      await database.run(
        'CREATE TABLE t (id int PRIMARY KEY, changed timestamptz NOT NULL DEFAULT clock_timestamp())',
      );
      const slow = await database.session();
      await slow.query('BEGIN; INSERT INTO t (id) VALUES (1)');
      await database.run('INSERT INTO t (id) VALUES (2)');
      const config = configFor(database, { ...timestamps, 'timestamp.delay.interval.ms': delay });
      const offsets = new MemoryOffsets();
      const first = await drainSource(jdbcSource, config, { offsets });
      offsets.commit(first);
      await slow.query('COMMIT');
      expect(ids(first)).toEqual(expected);
      // With a delay both are still to come, and will be read in order once they are old enough.
      const later = await drainSource(
        jdbcSource,
        { ...config, 'timestamp.delay.interval.ms': '0' },
        { offsets },
      );
      expect(ids(later)).toEqual(delay === '0' ? [] : [1, 2]);
    }
  });

  it('starts with the latest row when told so, and misses nothing between two runs', async () => {
    const { config: base, writeToSystem } = await tiedTable(await postgres.database(), timestamps, 1);
    const config = { ...base, 'timestamp.initial': '-1' };
    await writeToSystem(3);
    const offsets = new MemoryOffsets();
    const first = await drainSource(jdbcSource, config, { offsets });
    offsets.commit(first);
    expect(ids(first)).toEqual([3]);
    await writeToSystem(2);
    expect(ids(await drainSource(jdbcSource, config, { offsets }))).toEqual([4, 5]);
  });

  it('starts after a given time', async () => {
    const { config, writeToSystem } = await tiedTable(await postgres.database(), timestamps, 1);
    await writeToSystem(2);
    const initial = (ms: number) => drainSource(jdbcSource, { ...config, 'timestamp.initial': String(ms) });
    expect((await initial(Date.UTC(2024, 0, 1))).length).toBe(2);
    expect((await initial(Date.UTC(2024, 0, 1) + 1)).length).toBe(0);
  });

  it('takes the first of several timestamps that is not null', async () => {
    const database = await postgres.database();
    await database.run(
      "CREATE TABLE t (id int PRIMARY KEY, updated timestamptz, created timestamptz NOT NULL); INSERT INTO t VALUES (1, '2024-01-03', '2024-01-01'), (2, null, '2024-01-02')",
    );
    const config = configFor(database, { mode: 'timestamp', 'timestamp.column.name': 'updated, created' });
    const offsets = new MemoryOffsets();
    const records = await drainSource(jdbcSource, config, { offsets });
    expect(ids(records)).toEqual([2, 1]);
    offsets.commit(records.slice(0, 1));
    expect(ids(await drainSource(jdbcSource, config, { offsets }))).toEqual([1]);
  });

  it('reads everything in each pass of bulk mode, in batches, and stores no place', async () => {
    const database = await postgres.database();
    await database.run('CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 12)');
    const config = configFor(database, { mode: 'bulk', 'batch.max.rows': '5' });
    const [taskConfig = config] = await planSource(jdbcSource, config);
    const run = await SourceRun.start(jdbcSource, taskConfig);
    const sizes = [];
    for (let records = await run.poll(); records.length > 0; records = await run.poll()) {
      sizes.push(records.length);
      expect(records[0]?.sourceOffset).toEqual({});
    }
    await run.stop();
    expect(sizes).toEqual([5, 5, 2]);
    const again = await SourceRun.start(jdbcSource, taskConfig, { draining: false });
    expect((await again.pollUntil(24)).length).toBe(24);
    await again.stop();
  });

  it('keeps a suffix with a limit of its own, and goes on behind it', async () => {
    const { config, writeToSystem } = await tiedTable(await postgres.database(), counting, 1);
    const written = await writeToSystem(7);
    const offsets = new MemoryOffsets();
    const found: string[] = [];
    for (
      let records = await drainSource(jdbcSource, { ...config, 'query.suffix': 'LIMIT 3' }, { offsets });
      records.length > 0;
    ) {
      offsets.commit(records);
      found.push(...records.map(idOf));
      records = await drainSource(jdbcSource, { ...config, 'query.suffix': 'LIMIT 3' }, { offsets });
    }
    expect(found).toEqual(written);
  });

  it('goes on with a column that is added while it reads', async () => {
    const database = await postgres.database();
    await database.run('CREATE TABLE t (id serial PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 3)');
    const config = configFor(database, counting);
    const [taskConfig = config] = await planSource(jdbcSource, config);
    const run = await SourceRun.start(jdbcSource, taskConfig, { draining: false });
    await run.pollUntil(3);
    await database.run("ALTER TABLE t ADD name text; INSERT INTO t VALUES (4, 'new')");
    const [record] = await run.pollUntil(1);
    await run.stop();
    expect(record && row(record).get('name')).toBe('new');
  });

  it('goes on with a column that may be null from now on', async () => {
    const database = await postgres.database();
    await database.run(
      "CREATE TABLE t (id serial PRIMARY KEY, name text NOT NULL); INSERT INTO t VALUES (1, 'a')",
    );
    const config = configFor(database, counting);
    const [taskConfig = config] = await planSource(jdbcSource, config);
    const run = await SourceRun.start(jdbcSource, taskConfig, { draining: false });
    await run.pollUntil(1);
    await database.run('ALTER TABLE t ALTER name DROP NOT NULL; INSERT INTO t VALUES (2, null)');
    await expect(async () => {
      while ((await run.poll()).length === 0);
    }).rejects.toMatchObject({
      retriable: true,
      message: expect.stringContaining('Column name was NOT NULL'),
    });
    let found: readonly SourceRecord[] = [];
    while (found.length === 0) found = await run.poll().catch(() => []);
    const [record] = found;
    await run.stop();
    expect(record && [ids([record]), record.valueSchema?.field('name')?.schema.optional]).toEqual([
      [2],
      true,
    ]);
  });

  it('takes any column of a query for optional, because an outer join makes it null', async () => {
    const database = await postgres.database();
    await database.run(
      'CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, name text NOT NULL); INSERT INTO a VALUES (1)',
    );
    const query = 'SELECT a.id, b.name FROM a LEFT JOIN b ON a.id = b.id';
    const [record] = await drainSource(jdbcSource, configFor(database, { mode: 'bulk', query }));
    expect(record && row(record).get('name')).toBeNull();
    expect(record?.valueSchema?.fields.every(({ schema }) => schema.optional)).toBe(true);
    expect(record).toMatchObject({ topic: 'pg-', sourcePartition: { query: 'query' } });
  });

  it('reconnects after the connection was cut, and goes on where it was', async () => {
    const { config, writeToSystem } = await tiedTable(await postgres.database(), counting, 1);
    const written = await writeToSystem(12);
    const [taskConfig = config] = await planSource(jdbcSource, config);
    const run = await SourceRun.start(jdbcSource, taskConfig, { draining: false });
    const records = [...(await run.poll())];
    const database = new pg.Client(config['connection.url']);
    await database.connect();
    await database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await database.end();
    while (records.length < 12)
      records.push(
        ...(await run
          .poll()
          .catch((error: unknown) => (expect(error).toMatchObject({ retriable: true }), []))),
      );
    await run.stop();
    expect(records.map(idOf)).toEqual(written);
  });

  it.each([counting, { mode: 'bulk' }])(
    'reads the other tables while one is missing, and says which: %o',
    async (mode) => {
      const database = await postgres.database();
      await database.run(
        'CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (id serial PRIMARY KEY); INSERT INTO b VALUES (1)',
      );
      const config = configFor(database, mode);
      const [taskConfig = config] = await planSource(jdbcSource, config);
      await database.run('DROP TABLE a');
      const run = await SourceRun.start(jdbcSource, taskConfig);
      expect(ids(await run.poll())).toEqual([1]);
      await expect(run.poll()).rejects.toMatchObject({
        retriable: true,
        message: expect.stringMatching(/public"?\."?a"? does not exist/),
      });
      await run.stop();
    },
  );

  it('ends a query that takes long as soon as it is aborted', async () => {
    const database = await postgres.database();
    const config = configFor(database, { mode: 'bulk', query: 'SELECT pg_sleep(3600)' });
    const controller = new AbortController();
    const run = await SourceRun.start(jdbcSource, config, { signal: controller.signal });
    const polling = run.poll();
    const watcher = await database.session();
    for (let seen = 0; seen === 0; ) {
      const { rows } = await watcher.query<{ count: string }>(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'FETCH%' AND state = 'active'",
      );
      seen = Number(rows[0]?.count);
    }
    controller.abort(new Error('the run is over'));
    await expect(polling).rejects.toThrow('the run is over');
    await run.stop();
  });
});
