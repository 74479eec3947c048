import { mkdir, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directorySink } from '../../../../lib/connectors/directory/index.ts';
import { describeSinkConnector } from '../../../../lib/testing/sink-connector-suite.ts';
import { MemoryPartition, SinkRun } from '../../../../lib/testing/sink-run.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** What a reader sees: the finished files, in the order of their names. */
async function filesIn(folder: string): Promise<Record<string, string[]>> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
  const contents = await Promise.all(
    names.map(async (name) => (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n')),
  );
  return Object.fromEntries(names.map((name, i) => [name, contents[i] ?? []]));
}

describeSinkConnector('DirectorySink', {
  plugin: directorySink,
  guarantee: 'effectively-once',
  record: (n) => ({ value: { n } }),
  expected: (n) => JSON.stringify({ n }),
  setup: async () => {
    const directory = await temporaryFolder();
    return {
      config: { directory },
      readFromSystem: async () => Object.values(await filesIn(join(directory, 'topic'))).flat(),
    };
  },
});

describe('DirectorySink', () => {
  const setup = async (config: Record<string, string> = {}) => {
    const directory = await temporaryFolder();
    const partition = new MemoryPartition('topic');
    const start = async (): Promise<SinkRun> => {
      const run = new SinkRun(await directorySink.task(), {
        config: { directory, ...config },
        partitions: [partition],
      });
      await run.start();
      return run;
    };
    return { directory, partition, start, files: () => filesIn(join(directory, 'topic')) };
  };
  const values = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => ({ value: { n: from + i } }));
  const lines = (from: number, to: number) => values(from, to).map(({ value }) => JSON.stringify(value));

  it('names files by topic, partition, first and last offset', async () => {
    const { partition, start, files } = await setup();
    partition.skip(41);
    partition.append(...values(0, 3));
    const run = await start();
    await run.drain();
    await run.stop();
    expect(await files()).toEqual({ 'topic+0+0000000041+0000000043.jsonl': lines(0, 3) });
  });

  it('shows no file before its offsets can be committed', async () => {
    const { partition, start, files } = await setup();
    partition.append(...values(0, 3));
    const run = await start();
    await run.deliver();
    expect(await files()).toEqual({});
    await run.commit();
    expect(Object.keys(await files())).toEqual(['topic+0+0000000000+0000000002.jsonl']);
    await run.stop();
  });

  it.each([
    ['file.max.records', { 'file.max.records': '2' }],
    ['file.max.bytes', { 'file.max.bytes': '12' }],
  ])('starts a new file at %s', async (_, config) => {
    const { partition, start, files } = await setup({ ...config, 'filename.offset.zero.pad.width': '1' });
    partition.append(...values(0, 5));
    const run = await start();
    await run.drain();
    await run.stop();
    expect(await files()).toEqual({
      'topic+0+0+1.jsonl': lines(0, 2),
      'topic+0+2+3.jsonl': lines(2, 4),
      'topic+0+4+4.jsonl': lines(4, 5),
    });
  });

  it('seeks past what a killed run had published without committing', async () => {
    const { partition, start, files } = await setup();
    partition.append(...values(0, 6));
    const killed = await start();
    await killed.deliver(4);
    await killed.preCommit();
    const run = await start();
    await run.deliver(2);
    await run.deliver();
    await run.commit();
    expect(partition.committed).toBe(6n);
    expect(Object.values(await files())).toEqual([lines(0, 4), lines(4, 6)]);
    await run.stop();
  });

  it('knows what was published even when somebody has picked the file up', async () => {
    const { directory, partition, start, files } = await setup();
    partition.append(...values(0, 3));
    const killed = await start();
    await killed.deliver();
    await killed.preCommit();
    const [published = ''] = Object.keys(await files());
    await mkdir(join(directory, 'picked-up'));
    await rename(join(directory, 'topic', published), join(directory, 'picked-up', published));
    const run = await start();
    await run.drain();
    await run.stop();
    expect(await files()).toEqual({});
    expect(partition.committed).toBe(3n);
  });

  it('completes a publication that was killed between claim and rename', async () => {
    const { directory, partition, start, files } = await setup();
    partition.append(...values(0, 2));
    const hidden = join(directory, 'topic', '.sluice', '0');
    await mkdir(join(hidden, 'run-killed'), { recursive: true });
    await writeFile(join(hidden, 'run-killed', '0'), '{"n":0}\n');
    await writeFile(
      join(hidden, '1.claim'),
      JSON.stringify({ start: '0', end: '0', temporary: 'run-killed/0' }),
    );
    const run = await start();
    await run.drain();
    await run.stop();
    expect(Object.values(await files())).toEqual([lines(0, 1), lines(1, 2)]);
    expect(await readdir(hidden)).toContain('2.claim');
  });

  it('removes what a run left behind a day ago, and nothing younger', async () => {
    const { directory, start } = await setup();
    const hidden = join(directory, 'topic', '.sluice', '0');
    for (const name of ['run-old', 'run-young']) await mkdir(join(hidden, name), { recursive: true });
    await utimes(join(hidden, 'run-old'), 0, 0);
    await (await start()).stop();
    expect(await readdir(hidden)).toEqual(['run-young']);
  });

  it('gives way to a claim that outnumbers its own', async () => {
    const { partition, start, files } = await setup();
    partition.append(...values(0, 4));
    const [first, second] = [await start(), await start()];
    await Promise.all([first.deliver(), second.deliver()]);
    await Promise.all([first.commit(), second.commit()]);
    await first.drain();
    await second.drain();
    expect(Object.values(await files()).flat()).toEqual(lines(0, 4));
  });

  it('writes each record once, whatever two runs do at the same time', async () => {
    const { partition, start, files } = await setup({ 'file.max.records': '3' });
    partition.append(...values(0, 60));
    const runs = await Promise.all([start(), start(), start()]);
    await Promise.all(runs.map((run, i) => run.drain(i + 2)));
    expect(Object.values(await files()).flat()).toEqual(lines(0, 60));
  });

  it('takes what the framework delivers again only once', async () => {
    const { partition, start, files } = await setup();
    partition.append(...values(0, 4));
    const run = await start();
    await run.deliver(3);
    run.context.offset(new Map([[partition.key, 1n]]));
    await run.drain();
    await run.stop();
    expect(Object.values(await files()).flat()).toEqual(lines(0, 4));
  });

  it('keeps partitions of one topic apart', async () => {
    const directory = await temporaryFolder();
    const partitions = [new MemoryPartition('topic', 1), new MemoryPartition('topic', 10)];
    for (const partition of partitions) partition.append({ value: partition.partition });
    const run = new SinkRun(await directorySink.task(), { config: { directory }, partitions });
    await run.start();
    await run.drain();
    await run.stop();
    expect(await filesIn(join(directory, 'topic'))).toEqual({
      'topic+1+0000000000+0000000000.jsonl': ['1'],
      'topic+10+0000000000+0000000000.jsonl': ['10'],
    });
  });

  it.each([
    ['ignore', ['1', '2']],
    ['write', ['1', 'null', '2']],
  ])('can %s tombstones', async (behavior, expected) => {
    const { partition, start, files } = await setup({ 'behavior.on.null.values': behavior });
    partition.append({ value: 1 }, { value: null }, { value: 2 });
    const run = await start();
    await run.drain();
    await run.stop();
    expect(Object.values(await files()).flat()).toEqual(expected);
    expect(partition.committed).toBe(3n);
  });

  it('fails on a tombstone when told so, or reports it', async () => {
    const { directory, partition, start } = await setup({ 'behavior.on.null.values': 'fail' });
    partition.append({ value: null });
    await expect((await start()).deliver()).rejects.toThrow(/behavior.on.null.values=fail/);
    const reported: bigint[] = [];
    const run = new SinkRun(await directorySink.task(), {
      config: { directory, 'behavior.on.null.values': 'fail' },
      partitions: [partition],
      errantRecordReporter: { report: async (record) => void reported.push(record.kafkaOffset) },
    });
    await run.start();
    await run.drain();
    expect(reported).toEqual([0n]);
  });

  it('says which folder it cannot write to, and what to do, when it starts', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const run = new SinkRun(await directorySink.task(), {
      config: { directory: join(file, 'folder') },
      partitions: [],
    });
    await expect(run.start()).rejects.toMatchObject({
      message: expect.stringContaining('Cannot write to the folder'),
      hint: expect.stringContaining('EFS'),
    });
  });
});
