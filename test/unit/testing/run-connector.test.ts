import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runConnector } from 'sluice/testing';
import type { SourcePlugin } from '../../../lib/api/connector.ts';
import type { SourceTaskContext } from '../../../lib/api/context.ts';
import { ConnectError } from '../../../lib/api/errors.ts';
import { collectingSink, countingSource, rows } from '../worker/counting-plugins.ts';

const text = 'org.apache.kafka.connect.storage.StringConverter';
const lines = {
  name: 'lines',
  'connector.class': 'FileStreamSource',
  file: '${files:in.txt}',
  topic: 'lines',
  'value.converter': text,
};
const values = (records: readonly { readonly value: unknown }[]) => records.map(({ value }) => value);
const sorted = (records: readonly { readonly value: unknown }[]) => values(records).map(String).sort();

/** What a read of a file or a database looks like: an answer after many turns of the event loop. */
async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('runConnector', () => {
  it('runs a source until it has caught up, and once more over what is new', async () => {
    await using run = await runConnector({ config: lines, files: { 'in.txt': 'one\ntwo\n' } });
    expect(values(run.records('lines'))).toEqual(['one', 'two']);
    expect(run.status).toMatchObject({ state: 'RUNNING', tasks: [{ state: 'RUNNING', records: 2 }] });
    expect(run.offsets).toEqual([
      { partition: { filename: join(run.folder, 'in.txt') }, offset: { position: 8 } },
    ]);
    await appendFile(join(run.folder, 'in.txt'), 'three\n');
    await run.again();
    expect(values(run.newRecords('lines'))).toEqual(['three']);
    expect(values(run.records('lines'))).toEqual(['one', 'two', 'three']);
  });

  it('runs a sink over messages, and keeps what it could not read in the dead-letter topic', async () => {
    await using run = await runConnector({
      config: {
        'connector.class': 'FileStreamSink',
        file: '${files:out.txt}',
        topics: 'orders',
        'key.converter': text,
        'value.converter': 'JsonConverter',
        'value.converter.schemas.enable': 'false',
        'errors.tolerance': 'all',
        'errors.deadletterqueue.topic.name': 'dead',
        'errors.deadletterqueue.context.headers.enable': 'true',
      },
      topics: { orders: [{ value: { id: 1 } }, { value: 'not JSON' }, { key: 'k', value: { id: 2 } }] },
    });
    expect(await run.readFile('out.txt')).toBe('{id=1}\n{id=2}\n');
    expect(run.deadLetters).toEqual([
      {
        key: null,
        value: 'not JSON',
        headers: expect.objectContaining({ '__connect.errors.stage': 'VALUE_CONVERTER' }),
      },
    ]);
    expect(run.offsets).toEqual([
      { partition: { kafka_topic: 'orders', kafka_partition: 0 }, offset: { kafka_offset: 3 } },
    ]);
    await run.again({ topics: { orders: [{ value: { id: 3 } }] } });
    expect(await run.readFile('out.txt')).toBe('{id=1}\n{id=2}\n{id=3}\n');
  });

  const counting = {
    'connector.class': countingSource.class,
    'tasks.max': '2',
    'value.converter': text,
  };
  const all = ['a', 'b'].flatMap((part) => Array.from({ length: rows }, (_, n) => `${part}${n}`)).sort();

  it.each([
    ['a kill', { kill: { atCall: 12 } }],
    ['a kill after the call took effect', { kill: { atCall: 12, applied: true } }],
    ['an outage of Kafka', { outage: { fromCall: 3, calls: 4 } }],
  ])('loses nothing by %s', async (_what, faults) => {
    await using run = await runConnector({ config: counting, plugins: [countingSource], faults });
    expect([...new Set(sorted(run.records('numbers')))]).toEqual(all);
    expect(run.log.map(({ level }) => level)).toContain('warn');
  });

  it('an unharmed run moves every record once and warns of nothing', async () => {
    await using run = await runConnector({ config: counting, plugins: [countingSource] });
    expect(sorted(run.records('numbers'))).toEqual(all);
    expect(run.log.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it.each<[string, (context: SourceTaskContext) => Promise<void>, number]>([
    ['stands still while a plugin reads', () => manyTurns(), 0],
    ['moves on while a plugin waits for it', ({ clock }) => clock.sleep(1_000), 1_000],
  ])('time %s', async (_what, wait, expected) => {
    const took: number[] = [];
    const slow: SourcePlugin = {
      ...countingSource,
      connector: async () => ({ taskConfigs: () => [{}] }),
      task: async () => ({
        poll: async (context) => {
          const before = context.clock.now();
          await wait(context);
          took.push(context.clock.now() - before);
          return null;
        },
      }),
    };
    await using run = await runConnector({ config: counting, plugins: [slow] });
    expect(run.status.state).toBe('RUNNING');
    expect(took).toEqual([expected, expected]);
  });

  it('resolves ${env:…} from the given environment', async () => {
    await using run = await runConnector({
      config: { ...lines, topic: '${env:TOPIC}' },
      environment: { TOPIC: 'from-env' },
      files: { 'in.txt': 'one\n' },
    });
    expect(run.topics).toEqual(['from-env']);
  });

  it('tells which classes there are when a class is unknown', async () => {
    const running = runConnector({ config: { 'connector.class': 'FileStreamSourse' } });
    await expect(running).rejects.toMatchObject({
      message: expect.stringContaining('FileStreamSourse'),
      hint: expect.stringContaining('Did you mean FileStreamSource?'),
    });
  });

  it('tells every error of an invalid config', async () => {
    const running = runConnector({
      config: { 'connector.class': 'FileStreamSource', 'tasks.max': '0', 'errors.tolerance': 'some' },
    });
    await expect(running).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(running).rejects.toThrow(/topic[\s\S]*tasks\.max|tasks\.max[\s\S]*topic/);
  });

  const failing = collectingSink([]);
  const broken = {
    ...failing,
    task: async () => ({
      put: () => {
        throw new ConnectError('the disk is full', { hint: 'Make room.' });
      },
    }),
  };
  const sink = { 'connector.class': broken.class, topics: 't', 'value.converter': text };
  const topics = { t: [{ value: 'x' }] };

  it('throws the trace of a task that failed', async () => {
    const running = runConnector({ config: sink, plugins: [broken], topics });
    for (const part of [/^Task under-test-0: /, /the disk is full/, /What to do: Make room/])
      await expect(running).rejects.toThrow(part);
  });

  it('shows the failure instead when it may fail', async () => {
    await using run = await runConnector({ config: sink, plugins: [broken], topics, mayFail: true });
    expect(run.status.tasks).toMatchObject([
      { state: 'FAILED', trace: expect.stringContaining('disk is full') },
    ]);
    await expect(run.again()).rejects.toThrow('the disk is full');
  });
});
