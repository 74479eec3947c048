/** Drains one partition into a folder, writing down what it committed; made to be killed at any instant. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { directorySink } from '../../../lib/connectors/directory/index.ts';
import { MemoryPartition, SinkRun } from '../../../lib/testing/sink-run.ts';

const [directory = '', committedFile = '', count = '0', batch = '1'] = process.argv.slice(2);
const partition = new MemoryPartition('topic');
partition.append(...Array.from({ length: Number(count) }, (_, n) => ({ value: n })));
partition.committed = BigInt(await readFile(committedFile, 'utf8').catch(() => '0'));
const run = new SinkRun(await directorySink.task(), {
  config: { directory, 'file.max.records': '5' },
  partitions: [partition],
});
await run.start();
process.stdout.write('.');
while (await run.deliver(Number(batch))) {
  process.stdout.write('.');
  await run.commit();
  const draft = `${committedFile}.${process.pid}`;
  await writeFile(draft, String(partition.committed));
  await rename(draft, committedFile);
  process.stdout.write('.');
}
await run.stop();
