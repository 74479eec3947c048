import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

describe('sluice dev', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const connector = async (name: string, config: Record<string, string>): Promise<string> => {
    await writeFile(path(`${name}.json`), JSON.stringify({ name, config }));
    return path(`${name}.json`);
  };
  const fileSource = () =>
    connector('lines-source', {
      'connector.class': 'FileStreamSource',
      file: path('in.txt'),
      topic: 'lines',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    });
  const fileSink = () =>
    connector('lines-sink', {
      'connector.class': 'FileStreamSink',
      file: path('out.txt'),
      topics: 'lines',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    });
  const out = async (): Promise<string> => readFile(path('out.txt'), 'utf8');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('--once moves everything through the embedded Kafka and ends with exit code 0', async () => {
    await writeFile(path('in.txt'), 'one\ntwo\nthree\n');
    const run = await runCli(['dev', '--once', await fileSource(), await fileSink()]);
    expect(run).toMatchObject({ code: 0, error: '' });
    expect(await out()).toBe('one\ntwo\nthree\n');
    expect(run.out).toContain('lines-sink: RUNNING');
  });

  it('--state keeps offsets and topics, so that a second run moves only what is new', async () => {
    const args = ['dev', '--once', '--state', path('state'), await fileSource(), await fileSink()];
    await writeFile(path('in.txt'), 'one\ntwo\n');
    expect((await runCli(args)).code).toBe(0);
    await appendFile(path('in.txt'), 'three\n');
    expect((await runCli(args)).code).toBe(0);
    expect(await out()).toBe('one\ntwo\nthree\n');
  });

  it('--exactly-once runs a source that requires it, also over two sessions', async () => {
    const source = await connector('lines-source', {
      'connector.class': 'FileStreamSource',
      file: path('in.txt'),
      topic: 'lines',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'exactly.once.support': 'required',
    });
    const args = ['dev', '--once', '--state', path('state'), source, await fileSink()];
    await writeFile(path('in.txt'), 'one\ntwo\n');
    const refused = await runCli(args);
    expect(refused.code).toBe(1);
    expect(refused.error).toContain('This worker does not have exactly-once source support enabled.');
    expect(await runCli([...args, '--exactly-once'])).toMatchObject({ code: 0, error: '' });
    await appendFile(path('in.txt'), 'three\n');
    expect(await runCli([...args, '--exactly-once'])).toMatchObject({ code: 0, error: '' });
    expect(await out()).toBe('one\ntwo\nthree\n');
  });

  it('Ctrl-C drains and commits: the next run repeats nothing', async () => {
    const args = ['dev', '--state', path('state'), await fileSource(), await fileSink()];
    await writeFile(path('in.txt'), 'one\ntwo\n');
    const first = await runCli(args, {
      onOutput: (text, kill) => void (/lines-sink: .* 2 records/.test(text) && kill('SIGINT')),
    });
    expect(first.code).toBe(0);
    expect(first.error).toContain('Stopping in order');
    await appendFile(path('in.txt'), 'three\n');
    expect((await runCli(['dev', '--once', ...args.slice(1)])).code).toBe(0);
    expect(await out()).toBe('one\ntwo\nthree\n');
  });

  it('a kill at any moment loses nothing', async () => {
    const args = ['dev', '--state', path('state'), await fileSource(), await fileSink()];
    await writeFile(path('in.txt'), 'one\ntwo\n');
    await runCli(args, {
      onOutput: (text, kill) => void (/lines-source: .* 2 records/.test(text) && kill('SIGKILL')),
    });
    await appendFile(path('in.txt'), 'three\n');
    expect((await runCli(['dev', '--once', ...args.slice(1)])).code).toBe(0);
    expect(new Set((await out()).trim().split('\n'))).toEqual(new Set(['one', 'two', 'three']));
  });

  it('--plugin adds connectors and transformations of the user’s own', async () => {
    await writeFile(path('shout.ts'), shout);
    await writeFile(path('in.txt'), 'one\n');
    const source = await connector('lines-source', {
      'connector.class': 'FileStreamSource',
      file: path('in.txt'),
      topic: 'lines',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      transforms: 'shout',
      'transforms.shout.type': 'example.Shout',
    });
    expect(
      await runCli(['dev', '--once', '--plugin', path('shout.ts'), source, await fileSink()]),
    ).toMatchObject({ code: 0, error: '' });
    expect(await out()).toBe('ONE\n');
  });

  it('directory sink: one folder a topic, named by topic, partition and offset', async () => {
    await writeFile(path('in.txt'), 'one\ntwo\n');
    await mkdir(path('files'));
    const sink = await connector('files', {
      'connector.class': 'DirectorySink',
      topics: 'lines',
      directory: path('files'),
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    });
    expect(await runCli(['dev', '--once', await fileSource(), sink])).toMatchObject({ code: 0, error: '' });
    const files = (await readdir(path('files/lines'))).filter((file) => file.endsWith('.jsonl'));
    expect(files).toHaveLength(1);
    expect(files[0]).toMatch(/^lines\+0\+0+/);
    expect(await readFile(path(`files/lines/${files[0]}`), 'utf8')).toBe('"one"\n"two"\n');
  });

  it('tries what had failed again in the next session', async () => {
    await writeFile(path('in.txt'), 'not JSON\n');
    const sink = await connector('lines-sink', {
      'connector.class': 'FileStreamSink',
      file: path('out.txt'),
      topics: 'lines',
      'value.converter': 'JsonConverter',
      'value.converter.schemas.enable': 'false',
    });
    const args = ['dev', '--once', '--state', path('state'), await fileSource(), sink];
    for (const session of ['first', 'second']) {
      const run = await runCli(args);
      expect({ session, code: run.code }).toEqual({ session, code: 1 });
      expect(run.error).toMatch(
        /VALUE_CONVERTER \(org\.apache\.kafka\.connect\.json\.JsonConverter\) at lines-0, offset 0/,
      );
    }
    await fileSink();
    expect((await runCli(args)).code).toBe(0);
    expect(await out()).toBe('not JSON\n');
  });

  it('runs the connector of docs/writing-a-connector.md', async () => {
    const sink = await connector('numbers-sink', {
      'connector.class': 'FileStreamSink',
      file: path('out.txt'),
      topics: 'numbers',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    });
    const args = ['--plugin', 'examples/plugins/counter.ts', 'examples/plugins/counter.json', sink];
    expect(await runCli(['dev', '--once', ...args])).toMatchObject({ code: 0, error: '' });
    const numbers = (await out())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { part: string; number: number });
    expect(numbers).toHaveLength(10);
    expect(numbers.filter(({ part }) => part === '1').map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  });

  it('--help tells what there is', async () => {
    const run = await runCli(['dev', '--help']);
    expect(run.code).toBe(0);
    for (const option of ['--once', '--bootstrap-server', '--command-config', '--state', '--plugin'])
      expect(run.out).toContain(option);
    expect((await runCli(['--help'])).out).toContain('sluice dev');
    expect(await runCli(['serve'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('there is no command "serve"'),
    });
  });
});

const shout = `
export const plugin = {
  kind: 'transformation', class: 'example.Shout', version: '1',
  configDef: { keys: {}, parse: () => ({}), validate: () => [] },
  create: () => ({ apply: (record) => ({ ...record, value: String(record.value).toUpperCase() }) }),
};
`;
