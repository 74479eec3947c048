import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { jdbcSource } from '../../../lib/connectors/jdbc/index.ts';
import { drainSource, planSource, SourceRun } from '../../../lib/testing/source-run.ts';
import { connectorContext } from '../../../lib/testing/task-context.ts';
import { configFor, counting, ids, timestamps } from './jdbc-tables.ts';
import { postgresServer, type TestDatabase } from './postgres-database.ts';

const postgres = postgresServer();

describe('JDBC source, PostgreSQL: tasks', () => {
  const tables = async (): Promise<TestDatabase> => {
    const database = await postgres.database();
    await database.run('CREATE SCHEMA other');
    for (const table of ['a', 'b', 'c', 'd', 'e', 'other.f'])
      await database.run(`CREATE TABLE ${table} (id serial PRIMARY KEY); INSERT INTO ${table} VALUES (1)`);
    await database.run('CREATE VIEW v AS SELECT * FROM a');
    return database;
  };
  const names = (configs: readonly Record<string, string>[]): string[] =>
    configs.map(({ tables = '' }) => tables.replaceAll(/"[^"]*"\."[^"]*"\.|"/g, ''));

  it.each([
    [1, ['f,a,b,c,d,e']],
    [4, ['f,a', 'b,c', 'd', 'e']],
    [9, ['f', 'a', 'b', 'c', 'd', 'e']],
  ])('deals tables, in the order of their full names, to %d tasks', async (maxTasks, expected) => {
    expect(names(await planSource(jdbcSource, configFor(await tables(), counting), maxTasks))).toEqual(
      expected,
    );
  });

  it.each([
    [{ 'table.whitelist': 'b, public.c' }, ['b,c']],
    [{ 'table.blacklist': 'a,"public"."b",c,d' }, ['f,e']],
    [{ 'table.include.list': '.*\\.public\\.[ab]' }, ['a,b']],
    [{ 'table.include.list': 'public\\..*', 'table.exclude.list': '[a-d]' }, ['e']],
    [{ 'schema.pattern': 'oth%' }, ['f']],
    [{ 'table.types': 'VIEW' }, ['v']],
  ])('chooses tables by %o', async (choice, expected) => {
    expect(
      names(await planSource(jdbcSource, configFor(await tables(), { ...counting, ...choice }))),
    ).toEqual(expected);
  });

  it('reads every table of a group', async () => {
    const records = await drainSource(jdbcSource, configFor(await tables(), counting), { maxTasks: 2 });
    expect(records.map(({ topic }) => topic)).toEqual(['pg-f', 'pg-a', 'pg-b', 'pg-c', 'pg-d', 'pg-e']);
  });

  it('refuses two tables that would share a topic', async () => {
    const database = await tables();
    await database.run('CREATE TABLE other.a (id serial)');
    await expect(planSource(jdbcSource, configFor(database, counting))).rejects.toThrow(
      /other\.a and .*public\.a would both be written to the topic of table a/,
    );
  });
});

describe('JDBC source, PostgreSQL: mistakes', () => {
  const mistakes: [string, Record<string, string>, RegExp][] = [
    [
      'a table that is not there',
      { ...counting, 'table.whitelist': 'nope' },
      /table\.whitelist names nope, but there is no such table/,
    ],
    ['a choice without tables', { ...counting, 'table.include.list': 'nope' }, /No table matches/],
    [
      'an unknown mode',
      { mode: 'sometimes' },
      /Invalid value sometimes for configuration mode: String must be one of: bulk/,
    ],
    ['timestamp mode without a column', { mode: 'timestamp' }, /needs timestamp\.column\.name/],
    [
      'a query beside tables',
      { ...counting, query: 'SELECT 1', 'table.whitelist': 't' },
      /exclude each other/,
    ],
    [
      'both kinds of list',
      { ...counting, 'table.whitelist': 't', 'table.blacklist': 'u' },
      /exclude each other/,
    ],
    ['an unknown zone', { ...counting, 'db.timezone': 'Mars/Base' }, /Unknown time zone/],
    [
      'a URL of no database',
      { ...counting, 'connection.url': 'jdbc:postgresql:' },
      /does not name a PostgreSQL host/,
    ],
    [
      'a database that is not supported',
      { ...counting, 'connection.url': 'jdbc:oracle:thin:@x' },
      /oracle, is not supported yet/,
    ],
    [
      'a wrong password',
      { ...counting, 'connection.password': 'wrong' },
      /PostgreSQL refuses the login: password authentication failed/,
    ],
    [
      'a database that does not exist',
      { ...counting, 'connection.url': 'DB/nope' },
      /database "nope" does not exist/,
    ],
  ];
  const setup = async (config: Record<string, string>): Promise<Record<string, string>> => {
    const database = await postgres.database();
    await database.run('CREATE TABLE t (id int, changed timestamptz, name text NOT NULL)');
    const made = configFor(database, config);
    return {
      ...made,
      'connection.url': made['connection.url']?.replace(/^DB/, database.url.replace(/\/[^/]*$/, '')) ?? '',
    };
  };

  it.each(mistakes)('says what is wrong with %s when the work is split', async (_, config, message) => {
    const error: unknown = await planSource(jdbcSource, await setup(config)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ message: expect.stringMatching(message), retriable: false });
  });

  const columnMistakes: [string, Record<string, string>, RegExp, string][] = [
    [
      'no column that counts up',
      { mode: 'incrementing' },
      /t has no column that the database counts up/,
      'incrementing.column.name',
    ],
    [
      'a nullable incrementing column',
      counting,
      /Incrementing column id of .*t may be null/,
      'incrementing.column.name',
    ],
    [
      'a nullable timestamp column',
      timestamps,
      /Timestamp column changed of .*t may be null/,
      'timestamp.column.name',
    ],
    [
      'a column that is not there',
      { ...counting, 'incrementing.column.name': 'no' },
      /has no column no, which incrementing\.column\.name names/,
      'incrementing.column.name',
    ],
    [
      'an incrementing column of text',
      { ...counting, 'incrementing.column.name': 'name' },
      /is of type string, and cannot be the incrementing column/,
      'incrementing.column.name',
    ],
    [
      'a timestamp column of text',
      { ...timestamps, 'timestamp.column.name': 'name' },
      /is of type string, and cannot be a timestamp column/,
      'timestamp.column.name',
    ],
  ];

  it.each(columnMistakes)(
    'says what is wrong with %s, in the task and before',
    async (_, config, message, key) => {
      const made = await setup(config);
      await expect(drainSource(jdbcSource, made)).rejects.toMatchObject({
        message: expect.stringMatching(message),
        retriable: false,
        hint: expect.stringMatching(/\.$/),
      });
      const connector = await jdbcSource.connector();
      const values = await connector.validate(made, jdbcSource.configDef.validate(made), connectorContext());
      expect(values.find(({ name }) => name === key)?.errors).toEqual([expect.stringMatching(message)]);
    },
  );

  it('reads rows with null keys left out when they may be', async () => {
    const made = await setup({ ...counting, 'validate.non.null': 'false' });
    const client = new pg.Client(made['connection.url']);
    await client.connect();
    await client.query("INSERT INTO t (id, name) VALUES (1, 'a'), (null, 'b')");
    await client.end();
    expect(ids(await drainSource(jdbcSource, made))).toEqual([1]);
  });

  it('finds a wrong login when the config is validated, and nothing to complain about in a right one', async () => {
    const connector = await jdbcSource.connector();
    const errorsOf = async (config: Record<string, string>) =>
      (await connector.validate(config, jdbcSource.configDef.validate(config), connectorContext()))
        .filter(({ errors }) => errors.length > 0)
        .map(({ name }) => name);
    expect(
      await errorsOf(await setup({ mode: 'bulk', 'connection.user': 'nobody', 'connection.password': 'x' })),
    ).toEqual(['connection.user']);
    expect(await errorsOf(await setup({ mode: 'bulk' }))).toEqual([]);
  });

  it('treats an unreachable host as an outage: retriable, with the fix', async () => {
    const config = configFor(await postgres.database(), {
      ...counting,
      'connection.url': 'jdbc:postgresql://127.0.0.1:1/x',
      'connection.attempts': '2',
      'connection.backoff.ms': '1',
    });
    const expected = {
      retriable: true,
      message: expect.stringContaining('Cannot reach PostgreSQL'),
      hint: expect.stringContaining('security groups'),
    };
    await expect(planSource(jdbcSource, config)).rejects.toMatchObject(expected);
    const run = await SourceRun.start(jdbcSource, { ...config, tables: '"t"' });
    await expect(run.poll()).rejects.toMatchObject(expected);
    await run.stop();
    const connector = await jdbcSource.connector();
    const values = await connector.validate(
      config,
      jdbcSource.configDef.validate(config),
      connectorContext(),
    );
    expect(values.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
