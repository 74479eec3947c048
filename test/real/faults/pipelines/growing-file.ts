import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readValues } from '../../spine/read-topic.ts';
import { compare, unexplained } from '../comparison.ts';
import type { Pipeline, PipelineSite } from './pipeline.ts';

const linesAtOnce = 100;
/** Of one width, so that an offset in bytes says how many of them are behind it. */
const lineOf = (number: number): string => `file ${String(number).padStart(10, '0')}\n`;
const lineBytes = lineOf(0).length;
const topic = 'lines';

/** A file that grows, to a topic, at least once: what is twice was sent by runs that began before it. */
export async function growingFile({ folder, kafka }: PipelineSite): Promise<Pipeline> {
  const file = join(folder, 'lines.txt');
  await writeFile(file, '');
  let generated = 0;
  return {
    workerConfig: {},
    config: (variant) => ({
      'connector.class': 'FileStreamSource',
      file,
      topic,
      'batch.size': String(50 + variant),
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    }),
    grow: async () => {
      const numbers = Array.from({ length: linesAtOnce }, (_, n) => generated + n + 1);
      await appendFile(file, numbers.map(lineOf).join(''));
      generated += linesAtOnce;
    },
    check: async (starts) => {
      const found = await readValues(kafka, topic, ({ value }) => numberOf(value));
      const comparison = compare(found, generated);
      const begun = [...starts.values()].map((offsets) => Number(offsets[0]?.['position'] ?? 0) / lineBytes);
      const excess = unexplained(comparison, begun);
      const wrong =
        excess.length === 0
          ? ''
          : `${excess.length} more often than runs began before them, the first is ${excess[0]}`;
      return [{ ...comparison, partition: 'file', wrong }];
    },
    close: async () => undefined,
  };
}

function numberOf(value: Uint8Array | null): number {
  const text = Buffer.from(value ?? []).toString();
  return text.length === lineBytes - 1 && text.startsWith('file ') ? Number(text.slice(5)) : Number.NaN;
}
