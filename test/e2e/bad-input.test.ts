import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const jdbc = { 'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector', 'topic.prefix': 'p-' };

describe('bad input gets one clear message with the fix', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const file = async (text: string): Promise<string> => {
    await writeFile(path('c.json'), text);
    return path('c.json');
  };
  const connector = (config: Record<string, string>): Promise<string> =>
    file(JSON.stringify({ name: 'c', config }));
  const once = async (config: Record<string, string>, ...args: string[]) =>
    runCli(['dev', '--once', ...args, await connector(config)]);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-bad-'));
    const database = new DatabaseSync(path('db.sqlite'));
    database.exec('CREATE TABLE nokey (name text); INSERT INTO nokey VALUES (1)');
    database.close();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('a missing file', async () => {
    expect(await runCli(['dev', '--once', path('none.json')])).toMatchObject({
      code: 1,
      error: expect.stringMatching(/Cannot read .*none\.json\nCheck the path/),
    });
  });

  it('malformed JSON', async () => {
    const run = await runCli(['dev', '--once', await file('{"name": "x", "config": {')]);
    expect(run).toMatchObject({
      code: 1,
      error: expect.stringMatching(/c\.json is not valid JSON: .*\nA connector file is one JSON object/),
    });
  });

  it('an invalid config: every error at once', async () => {
    const run = await once({ 'connector.class': 'FileStreamSource', 'tasks.max': '0' });
    expect(run.code).toBe(1);
    expect(run.error).toContain('contains the following 2 error(s)');
    expect(run.error).toContain('Missing required configuration "topic"');
    expect(run.error).toContain('tasks.max: Value must be at least 1');
  });

  it('an unknown connector class', async () => {
    const run = await once({ 'connector.class': 'JdbcSourc' });
    expect(run.code).toBe(1);
    expect(run.error).toContain('Did you mean JdbcSource');
  });

  it('an unknown key with a near miss', async () => {
    await writeFile(path('in.txt'), 'one\n');
    const run = await once({
      'connector.class': 'FileStreamSource',
      file: path('in.txt'),
      topic: 't',
      'batch.sise': '5',
    });
    expect(run).toMatchObject({
      code: 0,
      error: expect.stringContaining('nothing reads the key "batch.sise"; did you mean "batch.size"?'),
    });
  });

  it('client settings that have no effect here, in one line', async () => {
    await writeFile(path('in.txt'), 'one\n');
    const run = await once({
      'connector.class': 'FileStreamSource',
      file: path('in.txt'),
      topic: 't',
      'producer.override.linger.ms': '50',
      'producer.override.bufer.memory': '1000000',
    });
    const [line, ...more] = run.error.trim().split('\n');
    expect([run.code, more]).toEqual([0, []]);
    expect(line).toMatch(
      /client overrides without effect: producer.override.linger.ms \(.*mean "buffer.memory"/,
    );
  });

  it('a broker that is down at the start', async () => {
    const run = await once(
      { 'connector.class': 'FileStreamSource', file: path('in.txt'), topic: 't' },
      '--bootstrap-server',
      '127.0.0.1:1',
    );
    expect(run.code).toBe(1);
    expect(run.error).toMatch(/127\.0\.0\.1:1/);
    expect(run.error.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(3);
  });

  it('a table that is not there', async () => {
    const run = await once({
      ...jdbc,
      'connection.url': `jdbc:sqlite:${path('db.sqlite')}`,
      mode: 'bulk',
      'table.whitelist': 'orders',
    });
    expect(run.code).toBe(1);
    expect(run.error).toMatch(/orders/);
    expect(run.error).toMatch(/What to do:/);
  });

  it('a table without a key in incrementing mode', async () => {
    const run = await once({
      ...jdbc,
      'connection.url': `jdbc:sqlite:${path('db.sqlite')}`,
      mode: 'incrementing',
      'table.whitelist': 'nokey',
    });
    expect(run.code).toBe(1);
    expect(run.error).toMatch(/nokey[\s\S]*incrementing\.column\.name/);
  });

  it('a folder that cannot be written', async () => {
    await writeFile(path('in.txt'), 'one\n');
    await writeFile(path('not-a-folder'), '');
    const source = path('s.json');
    await writeFile(
      source,
      JSON.stringify({
        name: 's',
        config: { 'connector.class': 'FileStreamSource', file: path('in.txt'), topic: 't' },
      }),
    );
    await chmod(path('not-a-folder'), 0o444);
    const sink = await connector({
      'connector.class': 'DirectorySink',
      topics: 't',
      directory: path('not-a-folder/sub'),
    });
    const run = await runCli(['dev', '--once', source, sink]);
    expect(run.code).toBe(1);
    expect(run.error).toMatch(/not-a-folder\/sub/);
  });
});
