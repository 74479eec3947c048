import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../../lib/foundation/deadline.ts';
import { readPartition } from '../../spine/read-topic.ts';
import { compare } from '../comparison.ts';
import { GrowingTopic, numberOf } from './growing-topic.ts';
import type { PartitionFinding, Pipeline, PipelineSite } from './pipeline.ts';

const topic = 'to-files';
const partitions = 3;

/** A topic that grows, into files by two tasks, effectively once: the files are what the topic is, line by line. */
export async function directorySink({ folder, kafka }: PipelineSite): Promise<Pipeline> {
  const directory = join(folder, 'files');
  await kafka.createTopics([{ topic, partitions, replicationFactor: 1 }], {
    deadline: deadlineIn(30_000, systemClock),
  });
  const source = new GrowingTopic(kafka, topic, partitions);

  async function checkPartition(partition: number): Promise<PartitionFinding> {
    const inTopic = await readPartition(kafka, { topic, partition }, ({ value }) =>
      numberOf(Buffer.from(value ?? []).toString(), partition),
    );
    // What the generator could not know the outcome of may be missing in the topic, so files are compared with it.
    const places = new Map(inTopic.map((number, index) => [number, index + 1]));
    const inFiles = (await linesOf(directory, partition)).map((text) => numberOf(text, partition));
    const comparison = compare(
      inFiles.map((number) => places.get(number) ?? Number.NaN),
      inTopic.length,
    );
    const missing = source.acknowledged(partition).filter((number) => !places.has(number)).length;
    const inOrder = inTopic.every((number, index) => index === 0 || number > (inTopic[index - 1] ?? 0));
    const wrong = [
      ...(comparison.duplicated === 0 ? [] : [`${comparison.duplicated} more than once`]),
      ...(missing === 0 ? [] : [`${missing} acknowledged to the generator and not in the topic`]),
      ...(inOrder ? [] : ['the generator is twice or out of order in the topic']),
    ];
    return { ...comparison, partition: `${topic}-${partition}`, wrong: wrong.join('; ') };
  }

  return {
    workerConfig: {},
    config: (variant) => ({
      'connector.class': 'DirectorySink',
      topics: topic,
      directory,
      'tasks.max': '2',
      'file.max.records': String(500 + variant),
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    }),
    grow: () => source.grow(),
    check: () => Promise.all(Array.from({ length: partitions }, (_, partition) => checkPartition(partition))),
    close: () => source.close(),
  };
}

/** Of the finished files, which are named by the offsets they begin and end with. */
async function linesOf(directory: string, partition: number): Promise<string[]> {
  const folder = join(directory, topic);
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${topic}+${partition}+`));
  const texts = await Promise.all(names.toSorted().map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as string),
  );
}
