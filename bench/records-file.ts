import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const linesAtOnce = 10_000;

/** Writes records one a line, piece by piece, as a string has an end; answers the bytes of an average one. */
export async function writeRecords(
  file: string,
  count: number,
  record: (index: number) => string,
): Promise<number> {
  const stream = createWriteStream(file);
  for (let done = 0; done < count; done += linesAtOnce) {
    const length = Math.min(linesAtOnce, count - done);
    const lines = Array.from({ length }, (_, i) => `${record(done + i)}\n`).join('');
    if (!stream.write(lines)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  return Math.round(stream.bytesWritten / count) - 1;
}
