import { describe, expect, it } from 'vitest';
import { jdbcSource } from '../../../lib/connectors/jdbc/index.ts';
import { MemoryOffsets } from '../../../lib/testing/memory-offsets.ts';
import { describeSourceConnector } from '../../../lib/testing/source-connector-suite.ts';
import { drainSource } from '../../../lib/testing/source-run.ts';
import { both, configFor, counting, idOf, ids, tiedTable, timestamps } from './jdbc-tables.ts';
import { postgresServer } from './postgres-database.ts';

const postgres = postgresServer();

describeSourceConnector('JDBC, PostgreSQL, incrementing', {
  plugin: jdbcSource,
  identify: idOf,
  setup: async () => tiedTable(await postgres.database(), counting, 1),
});
describeSourceConnector('JDBC, PostgreSQL, timestamp', {
  plugin: jdbcSource,
  identify: idOf,
  setup: async () => tiedTable(await postgres.database(), timestamps, 1),
});
describeSourceConnector('JDBC, PostgreSQL, timestamp with ties', {
  plugin: jdbcSource,
  identify: idOf,
  setup: async () => tiedTable(await postgres.database(), timestamps, 3),
  resume: { duplicates: 2 },
});
describeSourceConnector('JDBC, PostgreSQL, timestamp with ties longer than a page', {
  plugin: jdbcSource,
  identify: idOf,
  setup: async () => tiedTable(await postgres.database(), timestamps, 8),
  resume: { duplicates: 7 },
});
describeSourceConnector('JDBC, PostgreSQL, timestamp and incrementing with ties', {
  plugin: jdbcSource,
  identify: idOf,
  setup: async () => tiedTable(await postgres.database(), both, 8),
});
describeSourceConnector('JDBC, PostgreSQL, query', {
  plugin: jdbcSource,
  identify: idOf,
  setup: async () => {
    const table = await tiedTable(await postgres.database(), both, 4);
    const { 'table.whitelist': _, ...config } = table.config;
    return {
      ...table,
      config: { ...config, query: 'SELECT a.id, a.changed FROM t a JOIN t b ON a.id = b.id WHERE a.id > 0;' },
    };
  },
});

describe('JDBC source, PostgreSQL: offsets', () => {
  it('keeps the form and the precision users know', async () => {
    const database = await postgres.database();
    await database.run(
      "CREATE TABLE orders (id bigserial PRIMARY KEY, changed timestamp NOT NULL); INSERT INTO orders (changed) VALUES ('2024-02-29 12:34:56.789012')",
    );
    const [record] = await drainSource(jdbcSource, configFor(database, both));
    expect(record).toMatchObject({
      topic: 'pg-orders',
      sourcePartition: { protocol: '1', table: `${new URL(database.url).pathname.slice(1)}.public.orders` },
      sourceOffset: {
        incrementing: 1n,
        timestamp: Date.UTC(2024, 1, 29, 12, 34, 56, 789),
        timestamp_nanos: 789_012_000,
      },
    });
  });

  it.each([
    ['by the qualified name without database', { protocol: '1', table: 'public.t' }],
    ['by the name alone', { table: 't' }],
  ])('are read where an older connector stored them %s', async (_, partition) => {
    const { config, writeToSystem } = await tiedTable(await postgres.database(), counting, 1);
    await writeToSystem(4);
    const offsets = new MemoryOffsets();
    offsets.set(partition, { incrementing: 2 });
    expect(ids(await drainSource(jdbcSource, config, { offsets }))).toEqual([3, 4]);
  });

  it('without nanoseconds, as old versions stored them, read no row twice whose time is whole milliseconds', async () => {
    const database = await postgres.database();
    await database.run(
      "CREATE TABLE t (id int PRIMARY KEY, changed timestamptz NOT NULL); INSERT INTO t VALUES (1, '2024-01-01 00:00:00.123+00'), (2, '2024-01-01 00:00:00.124+00')",
    );
    const offsets = new MemoryOffsets();
    offsets.set({ table: 't' }, { timestamp: Date.UTC(2024, 0, 1, 0, 0, 0, 123) });
    expect(ids(await drainSource(jdbcSource, configFor(database, timestamps), { offsets }))).toEqual([2]);
  });

  it('of wall-clock columns survive any zone of the database', async () => {
    const database = await postgres.database();
    await database.run('CREATE TABLE t (id int PRIMARY KEY, changed timestamp NOT NULL)');
    const times = [
      '2024-03-31 01:59:59.999999',
      '2024-03-31 03:00:00.000001',
      '2024-10-27 01:30:00',
      '2024-10-27 02:30:00',
      '2024-10-27 03:30:00',
    ];
    for (const [i, time] of times.entries())
      await database.run('INSERT INTO t VALUES ($1, $2::timestamp)', [i + 1, time]);
    const config = configFor(database, { ...timestamps, 'db.timezone': 'Europe/Amsterdam' });
    const records = await drainSource(jdbcSource, config);
    expect(ids(records)).toEqual([1, 2, 3, 4, 5]);
    for (let i = 1; i <= times.length; i++) {
      const offsets = new MemoryOffsets();
      offsets.commit(records.slice(0, i));
      expect(ids(await drainSource(jdbcSource, config, { offsets }))).toEqual([1, 2, 3, 4, 5].slice(i));
    }
  });

  it('that make no sense are refused', async () => {
    const connector = await jdbcSource.connector();
    expect(() => connector.alterOffsets({}, new Map([[{ file: 'x' }, { incrementing: 1 }]]))).toThrow(
      /must look like/,
    );
    expect(() => connector.alterOffsets({}, new Map([[{ table: 'x' }, { incrementing: 'one' }]]))).toThrow(
      /must be an integer/,
    );
    expect(
      connector.alterOffsets(
        {},
        new Map([
          [{ table: 'x' }, { incrementing: 1 }],
          [{ table: 'y' }, null],
        ] as const),
      ),
    ).toBe(true);
  });
});
