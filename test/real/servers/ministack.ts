import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../lib/local/free-port.ts';
import { untilAnswers } from './until-answers.ts';

const version = '1.5.33';

export interface Ministack {
  readonly endpoint: string;
  /** What the AWS SDK reads to come here: endpoint, region and made-up keys. */
  readonly environment: Readonly<Record<string, string>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Why MiniStack cannot run on this machine; undefined when it can. Tests skip with this as the reason. */
export async function ministackUnavailable(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = await Promise.all(folders.map((folder) => exists(join(folder, 'python3'))));
  return found.includes(true) ? undefined : 'python3 is not installed';
}

/** MiniStack, an emulator of AWS, on loopback. The first start installs it with pip into the user's cache folder. */
export async function startMinistack(): Promise<Ministack> {
  const program = await install();
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(program, [], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: it starts helpers, which have to end with it.
    detached: true,
    env: { ...process.env, BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), IOT_MTLS_ENABLED: '0' },
  });
  try {
    await untilAnswers('MiniStack', server, endpoint);
  } catch (error) {
    await stop(server);
    throw error;
  }
  return {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    [Symbol.asyncDispose]: () => stop(server),
  };
}

async function install(): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'sluice', `ministack-${version}`);
  const complete = join(folder, 'complete');
  const program = join(folder, 'venv/bin/ministack');
  if (await exists(complete)) return program;
  await mkdir(folder, { recursive: true });
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', join(folder, 'venv')]);
  await run(join(folder, 'venv/bin/pip'), ['install', '--quiet', `ministack==${version}`]);
  await writeFile(complete, '');
  return program;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const ended = once(server, 'exit');
  process.kill(-server.pid, 'SIGKILL');
  await ended;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
