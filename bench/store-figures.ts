import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

export const resultsFolder: string = join(import.meta.dirname, 'results');

/** Writes what a bench found, and on what machine, to `results/<name>.json`. */
export async function storeFigures(name: string, figures: object): Promise<void> {
  await mkdir(resultsFolder, { recursive: true });
  const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, node: process.version };
  await writeFile(
    join(resultsFolder, `${name}.json`),
    `${JSON.stringify({ machine, ...figures }, null, 2)}\n`,
  );
}
