import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SchemaBuilder } from '../../../../lib/api/data/schema-builder.ts';
import { int32Schema } from '../../../../lib/api/data/schema.ts';
import { Struct } from '../../../../lib/api/data/struct.ts';
import { fileStreamSink } from '../../../../lib/connectors/file/index.ts';
import { describeSinkConnector } from '../../../../lib/testing/sink-connector-suite.ts';
import { MemoryPartition, SinkRun } from '../../../../lib/testing/sink-run.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const linesOf = async (file: string): Promise<string[]> => {
  const text = await readFile(file, 'utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
};

describeSinkConnector('FileStreamSink', {
  plugin: fileStreamSink,
  guarantee: 'at-least-once',
  record: (n) => ({ value: `value ${n}` }),
  expected: (n) => `value ${n}`,
  setup: async () => {
    const file = join(await temporaryFolder(), 'out.txt');
    return { config: { file }, readFromSystem: () => linesOf(file) };
  },
});

describe('FileStreamSink', () => {
  const write = async (file: string, ...values: Parameters<MemoryPartition['append']>): Promise<void> => {
    const partition = new MemoryPartition('topic');
    partition.append(...values);
    const run = new SinkRun(await fileStreamSink.task(), { config: { file }, partitions: [partition] });
    await run.start();
    await run.drain();
    await run.stop();
  };

  it('writes values as Java prints them', async () => {
    const file = join(await temporaryFolder(), 'out.txt');
    const valueSchema = SchemaBuilder.struct().field('id', int32Schema).build();
    await write(
      file,
      { value: 'text' },
      { value: null },
      { value: { a: 1, b: [true, null] } },
      { valueSchema, value: new Struct(valueSchema).put('id', 7) },
    );
    expect(await linesOf(file)).toEqual(['text', 'null', '{a=1, b=[true, null]}', 'Struct{id=7}']);
  });

  it('appends to what is there', async () => {
    const file = join(await temporaryFolder(), 'out.txt');
    await writeFile(file, 'first\n');
    await write(file, { value: 'second' });
    expect(await linesOf(file)).toEqual(['first', 'second']);
  });

  it('starts a new line after half a line that a killed run left', async () => {
    const file = join(await temporaryFolder(), 'out.txt');
    await writeFile(file, 'whole\nhal');
    await write(file, { value: 'half' });
    expect(await linesOf(file)).toEqual(['whole', 'hal', 'half']);
  });

  it('fails every put and flush after a write that failed, and writes nothing more', async () => {
    const task = await fileStreamSink.task();
    const partition = new MemoryPartition('topic');
    partition.append({ value: 'a' }, { value: 'b' });
    const run = new SinkRun(task, { config: { file: '/dev/full' }, partitions: [partition] });
    await run.start();
    await expect(run.drain()).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(task.flush()).rejects.toMatchObject({ code: 'ENOSPC' });
    await run.stop();
  });

  it('says which file it cannot append to, and what to do', async () => {
    const file = join(await temporaryFolder(), 'missing', 'out.txt');
    await expect(write(file, { value: 'x' })).rejects.toMatchObject({
      message: expect.stringContaining(`Cannot append to ${file}`),
      hint: expect.stringContaining('folder must exist'),
    });
  });
});
