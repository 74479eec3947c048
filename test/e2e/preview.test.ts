import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/foundation/clock.ts';
import { deadlineIn } from '../../lib/foundation/deadline.ts';
import { startDevBroker } from '../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../lib/kafka/client/connect-kafka.ts';
import { runCli } from './run-cli.ts';

const text = 'org.apache.kafka.connect.storage.StringConverter';

describe('sluice preview', () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const connector = async (name: string, config: Record<string, string>): Promise<string> => {
    await writeFile(path(`${name}.json`), JSON.stringify({ name, config }));
    return path(`${name}.json`);
  };
  const lines = (): Promise<string> =>
    connector('lines', {
      'connector.class': 'FileStreamSource',
      file: path('in.txt'),
      topic: 'lines',
      'value.converter': text,
    });
  const sink = (): Promise<string> =>
    connector('out', {
      'connector.class': 'FileStreamSink',
      file: path('out.txt'),
      topics: 'lines',
      'value.converter': text,
      transforms: 'header',
      'transforms.header.type': 'InsertHeader',
      'transforms.header.header': 'from',
      'transforms.header.value.literal': 'here',
    });
  /** Every file of the folder with its content. */
  const contents = async (name: string): Promise<Record<string, string>> => {
    const entries = await readdir(path(name), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
    return Object.fromEntries(
      await Promise.all(files.map(async (file) => [file, await readFile(file, 'base64')] as const)),
    );
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-preview-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('shows rows of a database before and after the transformations', async () => {
    const database = new DatabaseSync(path('shop.db'));
    database.exec('create table orders (id integer primary key, card text)');
    database.exec("insert into orders values (1, '4111'), (2, '4222')");
    database.close();
    const orders = await connector('orders', {
      'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
      'connection.url': `jdbc:sqlite:${path('shop.db')}`,
      'connection.password': '4111',
      mode: 'incrementing',
      'incrementing.column.name': 'id',
      'table.whitelist': 'orders',
      'topic.prefix': 'shop-',
      transforms: 'mask,route',
      'transforms.mask.type': 'org.apache.kafka.connect.transforms.MaskField$Value',
      'transforms.mask.fields': 'card',
      'transforms.mask.replacement': '****',
      'transforms.route.type': 'RegexRouter',
      'transforms.route.regex': 'shop-(.*)',
      'transforms.route.replacement': '$1',
      'value.converter': 'JsonConverter',
      'value.converter.schemas.enable': 'false',
    });
    const run = await runCli(['preview', '--records', '1', '--steps', orders]);
    expect(run).toMatchObject({ code: 0, error: '' });
    expect(run.out).toContain('  ~ topic       "shop-orders" → "orders"\n');
    expect(run.out).toContain('  ~ value.card  "[hidden]" → "****"\n');
    expect(run.out).toContain('    in Kafka    key null\n                value {"id":1,"card":"****"}\n');
    expect(run.out).toContain('    mask (org.apache.kafka.connect.transforms.MaskField$Value)\n');
    expect(run.out).toContain('1 record(s): 1 passed. Nothing was written');
    expect(run.out).not.toContain('4111');
  });

  it('goes on from the state of a dev session, and changes none of its files', async () => {
    await writeFile(path('in.txt'), 'one\ntwo\n');
    const state = path('state');
    expect((await runCli(['dev', '--once', '--state', state, await lines()])).code).toBe(0);
    await writeFile(path('in.txt'), 'one\ntwo\nthree\n');
    const before = await contents('state');
    const source = await runCli(['preview', '--json', '--state', state, await lines()]);
    const outcome = JSON.parse(source.out) as { records: { before: { value: string } }[] };
    expect(outcome.records.map((record) => record.before.value)).toEqual(['three']);
    expect(outcome).toMatchObject({ committedOffsets: 1, end: 'CAUGHT_UP' });
    const read = await runCli(['preview', '--state', state, await sink()]);
    expect(read).toMatchObject({ code: 0, error: '' });
    expect(read.out).toContain('#2 lines-0 at 1');
    expect(read.out).toContain('+ headers.from  "here"');
    expect(await contents('state')).toEqual(before);
    expect(await readdir(folder)).not.toContain('out.txt');
  });

  it('reads the topics of a sink from a Kafka, and leaves no trace there', async () => {
    await using broker = await startDevBroker();
    const bootstrapServers = [broker.bootstrapServers];
    await using kafka = connectKafka({ bootstrapServers, clientId: 'test' });
    const call = { deadline: deadlineIn(30_000, systemClock) };
    await kafka.createTopics([{ topic: 'lines', partitions: 1, replicationFactor: 1 }], call);
    const producer = kafka.producer({});
    const value = Buffer.from('one');
    await producer.send([{ topic: 'lines', partition: 0, key: null, value, timestamp: null }], call);
    await producer.close();
    const run = await runCli(['preview', '--bootstrap-server', broker.bootstrapServers, await sink()]);
    expect(run).toMatchObject({ code: 0, error: '' });
    expect(run.out).toContain('value         "one"');
    expect(run.out).toContain('1 record(s): 1 passed. These are all up to the end of the topics.');
    expect(await kafka.listTopics(call)).toEqual(['lines']);
    expect(await readdir(folder)).not.toContain('out.txt');
  });

  it('tells what fails, and ends with exit code 1 when the task would', async () => {
    await writeFile(path('in.txt'), 'one\n');
    const failing = await connector('failing', {
      'connector.class': 'FileStreamSource',
      file: path('in.txt'),
      topic: 'lines',
      transforms: 'cast',
      'transforms.cast.type': 'org.apache.kafka.connect.transforms.Cast$Value',
      'transforms.cast.spec': 'int32',
    });
    const run = await runCli(['preview', failing]);
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/FAILS the task: it failed in TRANSFORMATION .*Cast\$Value/);
  });

  it.each([
    [[], 'Give one connector file'],
    [['--records', '0', 'x.json'], '--records must be a whole number from 1 up, not "0"'],
    [['--stat', 'x'], "Unknown option '--stat'"],
    [['nowhere.json'], 'Cannot read nowhere.json'],
  ])('says what is wrong with %o', async (args, expected) => {
    const run = await runCli(['preview', ...args]);
    expect(run).toMatchObject({ code: 1, out: '', error: expect.stringContaining(expected) });
  });

  it('--help tells what there is', async () => {
    const run = await runCli(['preview', '--help']);
    expect(run.code).toBe(0);
    for (const option of ['--records', '--steps', '--task', '--timeout', '--bootstrap-server', '--state'])
      expect(run.out).toContain(option);
    expect((await runCli(['help'])).out).toContain('sluice preview [options]');
  });
});
