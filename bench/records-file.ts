import { writeFile } from 'node:fs/promises';

/** Writes records one a line; resolves with the mean bytes of a record without its line end. */
export async function writeRecords(
  file: string,
  count: number,
  record: (index: number) => string,
): Promise<number> {
  const text = Buffer.from(Array.from({ length: count }, (_, i) => `${record(i)}\n`).join(''));
  await writeFile(file, text);
  return Math.round(text.length / count) - 1;
}
