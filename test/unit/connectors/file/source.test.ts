import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { javaString } from '../../../../lib/api/data/java-string.ts';
import { fileStreamSource } from '../../../../lib/connectors/file/index.ts';
import { FileStreamSourceConnector } from '../../../../lib/connectors/file/source.ts';
import { MemoryOffsets } from '../../../../lib/testing/memory-offsets.ts';
import { describeSourceConnector } from '../../../../lib/testing/source-connector-suite.ts';
import { drainSource, planSource, SourceRun } from '../../../../lib/testing/source-run.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describeSourceConnector('FileStreamSource', {
  plugin: fileStreamSource,
  identify: (record) => javaString(record.value ?? null, null),
  setup: async () => {
    const file = join(await temporaryFolder(), 'input.txt');
    let written = 0;
    return {
      config: { file, topic: 'lines', 'batch.size': '4' },
      writeToSystem: async (count) => {
        const lines = Array.from({ length: count }, () => `line ${written++}`);
        await appendFile(file, lines.map((line) => `${line}\n`).join(''));
        return lines;
      },
    };
  },
});

describe('FileStreamSource', () => {
  const setup = async (content?: string) => {
    const file = join(await temporaryFolder(), 'input.txt');
    if (content !== undefined) await writeFile(file, content);
    return { file, config: { file, topic: 'lines' } };
  };

  it('gives each line as a string with the byte position after it', async () => {
    const { file, config } = await setup('één\r\ntwo\n');
    const [first, second] = await drainSource(fileStreamSource, config);
    expect(first).toMatchObject({
      topic: 'lines',
      value: 'één',
      sourcePartition: { filename: file },
      sourceOffset: { position: 7 },
    });
    expect(second).toMatchObject({ value: 'two', sourceOffset: { position: 11 } });
    expect(second?.valueSchema?.type).toBe('STRING');
    expect(second?.key ?? null).toBeNull();
  });

  it('waits for the end of the last line', async () => {
    const { file, config } = await setup('one\ntw');
    const run = await SourceRun.start(fileStreamSource, config);
    expect((await run.drain()).map((record) => record.value)).toEqual(['one']);
    await appendFile(file, 'o\n');
    expect((await run.drain()).map((record) => record.value)).toEqual(['two']);
    await run.stop();
  });

  it('waits for a file that does not exist yet', async () => {
    const { file, config } = await setup();
    const run = await SourceRun.start(fileStreamSource, config);
    expect(await run.poll()).toEqual([]);
    await writeFile(file, 'here\n');
    expect((await run.poll()).map((record) => record.value)).toEqual(['here']);
    await run.stop();
  });

  it('returns at most batch.size lines a poll', async () => {
    const { config } = await setup('1\n2\n3\n4\n5\n');
    const run = await SourceRun.start(fileStreamSource, { ...config, 'batch.size': '2' });
    const sizes = [(await run.poll()).length, (await run.poll()).length, (await run.poll()).length];
    expect(sizes).toEqual([2, 2, 1]);
    await run.stop();
  });

  it('reads a line longer than its buffer', async () => {
    const long = 'x'.repeat(1_000_000);
    const { config } = await setup(`${long}\nshort\n`);
    expect(
      (await drainSource(fileStreamSource, config)).map(
        (record) => javaString(record.value ?? null, null).length,
      ),
    ).toEqual([1_000_000, 5]);
  });

  it('reads on in a file that ended just where a read did', async () => {
    const line = 'x'.repeat(63);
    const { file, config } = await setup(`${line}\n`.repeat((512 * 1024) / 64));
    const run = await SourceRun.start(fileStreamSource, { ...config, 'batch.size': '10000' });
    expect(await run.poll()).toHaveLength(8192);
    await appendFile(file, 'more\n');
    expect((await run.poll()).map(({ value }) => value)).toEqual(['more']);
    await run.stop();
  });

  it('leaves no read behind when it stops in the middle of a file', async () => {
    const { config } = await setup('line of some length\n'.repeat(50_000));
    const run = await SourceRun.start(fileStreamSource, config);
    expect((await run.poll()).length).toBeGreaterThan(0);
    await run.stop();
    expect(await drainSource(fileStreamSource, config)).toHaveLength(50_000);
  });

  it('says that a file was truncated instead of reading it from somewhere', async () => {
    const { file, config } = await setup('one\ntwo\n');
    const offsets = new MemoryOffsets();
    offsets.commit(await drainSource(fileStreamSource, config, { offsets }));
    await truncate(file, 3);
    await expect(drainSource(fileStreamSource, config, { offsets })).rejects.toThrow(
      /has 3 bytes, but 8 were read before/,
    );
  });

  it('is one task, whatever tasks.max is', async () => {
    const { config } = await setup('');
    expect(await planSource(fileStreamSource, config, 5)).toEqual([config]);
  });

  it.each([
    ['no file', { topic: 't' }, /Missing configuration "file"/],
    ['an empty topic', { file: 'f', topic: '' }, /Invalid value {2}for configuration topic/],
  ])('refuses %s', async (_, config, message) => {
    await expect(planSource(fileStreamSource, config)).rejects.toThrow(message);
  });

  it('says which folder cannot be read', async () => {
    const { config } = await setup();
    await expect(drainSource(fileStreamSource, { ...config, file: join(config.file, '..') })).rejects.toThrow(
      /Cannot read|EISDIR/,
    );
  });

  it.each([
    ['a negative position', { filename: 'f' }, { position: -1 }],
    ['a position that is no number', { filename: 'f' }, { position: 'end' }],
    ['no position', { filename: 'f' }, {}],
    ['another partition', { table: 'f' }, { position: 1 }],
  ])('refuses to alter offsets to %s', async (_, partition, offset) => {
    const connector = await fileStreamSource.connector();
    expect(() => connector.alterOffsets({ file: 'f', topic: 't' }, new Map([[partition, offset]]))).toThrow(
      /must look like/,
    );
  });

  it('lets offsets be altered and deleted', async () => {
    const connector = await fileStreamSource.connector();
    const offsets = new Map([
      [{ filename: 'f' }, { position: 10 }],
      [{ anything: 1 }, null],
    ] as const);
    expect(connector.alterOffsets({ file: 'f', topic: 't' }, offsets)).toBe(true);
  });

  it('can deliver exactly once when it has a file, as in Kafka', () => {
    const connector = new FileStreamSourceConnector();
    expect(connector.exactlyOnceSupport({ file: '/f', topic: 't' })).toBe('SUPPORTED');
    expect(connector.exactlyOnceSupport({ topic: 't' })).toBe('UNSUPPORTED');
  });
});
