import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { javaString } from '../../../lib/api/data/java-string.ts';
import { jdbcSource } from '../../../lib/connectors/jdbc/index.ts';
import { MemoryOffsets } from '../../../lib/testing/memory-offsets.ts';
import {
  describeSourceConnector,
  type SourceUnderTest,
} from '../../../lib/testing/source-connector-suite.ts';
import { drainSource, planSource, SourceRun } from '../../../lib/testing/source-run.ts';
import { both, counting, idOf, ids, row, timestamps } from './jdbc-tables.ts';

async function database(sql: string): Promise<{ db: DatabaseSync; config: Record<string, string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-sqlite-'));
  const file = join(folder, 'test.db');
  const db = new DatabaseSync(file);
  onTestFinished(async () => {
    db.close();
    await rm(folder, { recursive: true, force: true });
  });
  db.exec(sql);
  return {
    db,
    config: { 'connection.url': `jdbc:sqlite:${file}`, 'topic.prefix': 'lite-', 'poll.interval.ms': '10' },
  };
}

/** A table whose rows share their timestamps in groups of `tied`. */
async function tiedTable(mode: Record<string, string>, tied: number): Promise<SourceUnderTest> {
  const { db, config } = await database(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, changed TIMESTAMP NOT NULL)',
  );
  const insert = db.prepare('INSERT INTO t (changed) VALUES (?) RETURNING id');
  let written = 0;
  return {
    config: { ...config, ...mode, 'batch.max.rows': '5' },
    writeToSystem: async (count) => {
      const found = Array.from({ length: count }, () => {
        const second = String(Math.floor(written++ / tied)).padStart(2, '0');
        return String(insert.get(`2024-01-01 00:00:${second}.5`)?.['id']);
      });
      written = Math.ceil(written / tied) * tied;
      return found;
    },
  };
}

const suite = { plugin: jdbcSource, identify: idOf };
describeSourceConnector('JDBC, SQLite, incrementing', { ...suite, setup: () => tiedTable(counting, 1) });
describeSourceConnector('JDBC, SQLite, timestamp', {
  ...suite,
  setup: () => tiedTable(timestamps, 8),
  resume: { duplicates: 7 },
});
describeSourceConnector('JDBC, SQLite, timestamp and incrementing', {
  ...suite,
  setup: () => tiedTable(both, 8),
});

describe('JDBC source, SQLite', () => {
  it('reads each type by how its column is declared', async () => {
    const { config } = await database(`
      CREATE TABLE t (id INTEGER PRIMARY KEY, b BOOLEAN NOT NULL, i BIGINT, r REAL, s VARCHAR(9), x BLOB, d DECIMAL(9,2), day DATE, at DATETIME, ms TIMESTAMP);
      INSERT INTO t VALUES (9007199254740993, 1, -9223372036854775808, 1.5, 'één', x'00ff', 12.5, '2024-02-29', '2024-02-29T12:34:56.789Z', 1709210096789)`);
    const [record] = await drainSource(jdbcSource, { ...config, mode: 'bulk' });
    if (record === undefined) throw new Error('no row');
    const value = row(record);
    value.validate();
    const printed = value.schema.fields.map(({ name, schema }) => [
      name,
      schema.type,
      schema.optional,
      javaString(value.get(name), name === 'x' ? null : schema),
    ]);
    expect(value.get('x')).toEqual(new Uint8Array([0, 255]));
    expect(value.get('day')).toMatchObject({ epochMillis: Date.UTC(2024, 1, 29) });
    expect([value.get('at'), value.get('ms')]).toMatchObject([
      { epochMillis: 1_709_210_096_789 },
      { epochMillis: 1_709_210_096_789 },
    ]);
    expect(printed.filter(([name]) => ['id', 'b', 'i', 'r', 's', 'd'].includes(String(name)))).toEqual([
      ['id', 'INT64', false, '9007199254740993'],
      ['b', 'BOOLEAN', false, 'true'],
      ['i', 'INT64', true, '-9223372036854775808'],
      ['r', 'FLOAT64', true, '1.5'],
      ['s', 'STRING', true, 'één'],
      ['d', 'BYTES', true, '12.50'],
    ]);
    expect(record.sourcePartition).toEqual({ protocol: '1', table: 't' });
  });

  it.each([
    ['text to the second', ["'2024-01-01 00:00:01'", "'2024-01-01 00:00:02'", "'2024-01-01 00:00:03'"]],
    ['ISO text', ["'2024-01-01T00:00:00.001Z'", "'2024-01-01T00:00:00.002Z'", "'2024-01-01T00:00:00.003Z'"]],
    [
      'nanoseconds',
      [
        "'2024-01-01 00:00:00.000000001'",
        "'2024-01-01 00:00:00.000000002'",
        "'2024-01-01 00:00:00.000000003'",
      ],
    ],
    ['milliseconds since the epoch', ['1704067200001', '1704067200002', '1704067200003']],
  ])('resumes from timestamps kept as %s', async (_, times) => {
    const { config } = await database(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, changed TIMESTAMP NOT NULL); INSERT INTO t (changed) VALUES ${times.map((time) => `(${time})`).join()}`,
    );
    const records = await drainSource(jdbcSource, { ...config, ...timestamps });
    expect(ids(records)).toEqual([1, 2, 3]);
    for (const [i] of times.entries()) {
      const offsets = new MemoryOffsets();
      offsets.commit(records.slice(0, i + 1));
      expect(ids(await drainSource(jdbcSource, { ...config, ...timestamps }, { offsets }))).toEqual(
        [1, 2, 3].slice(i + 1),
      );
    }
  });

  it('stops at timestamps that do not compare with each other instead of missing rows', async () => {
    const { config } = await database(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, changed TIMESTAMP NOT NULL); INSERT INTO t (changed) VALUES ('2024-01-01 00:00:01'), ('2024-01-01 00:00:01.5')",
    );
    await expect(drainSource(jdbcSource, { ...config, ...timestamps })).rejects.toMatchObject({
      message: expect.stringContaining('does not compare with the others'),
      hint: expect.stringContaining('write them all alike'),
    });
  });

  it('reads a table in bulk while somebody writes', async () => {
    const { db, config } = await database(
      'PRAGMA journal_mode = wal; CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)',
    );
    const run = await SourceRun.start(jdbcSource, {
      ...config,
      mode: 'bulk',
      'batch.max.rows': '2',
      tables: '"t"',
    });
    const first = await run.poll();
    db.exec('INSERT INTO t VALUES (4)');
    const rest = await run.drain();
    await run.stop();
    expect(ids([...first, ...rest])).toEqual([1, 2, 3]);
  });

  it.each([
    [
      'a file that does not exist',
      { 'connection.url': 'jdbc:sqlite:/nowhere/at/all.db' },
      /names the SQLite database \/nowhere\/at\/all.db, which does not exist/,
    ],
    ['a query with a mistake', { query: 'SELEC 1' }, /syntax error/],
    ['a query of a table that is not there', { query: 'SELECT * FROM nope' }, /no such table: nope/],
    ['a column that is not there', { 'incrementing.column.name': 'nope' }, /has no column nope/],
  ])('says what is wrong with %s', async (_, more, message) => {
    const { config } = await database('CREATE TABLE t (id INTEGER PRIMARY KEY)');
    await expect(drainSource(jdbcSource, { ...config, ...counting, ...more })).rejects.toMatchObject({
      message: expect.stringMatching(message),
      retriable: false,
    });
  });

  it('finds tables, and views when asked for them', async () => {
    const { config } = await database(
      'CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE b (id INTEGER PRIMARY KEY); CREATE VIEW c AS SELECT * FROM a',
    );
    const tables = async (more: Record<string, string>) =>
      (await planSource(jdbcSource, { ...config, mode: 'bulk', ...more }, 9)).map((task) => task['tables']);
    expect(await tables({})).toEqual(['"a"', '"b"']);
    expect(await tables({ 'table.types': 'TABLE, VIEW', 'table.blacklist': 'a' })).toEqual(['"b"', '"c"']);
  });
});
