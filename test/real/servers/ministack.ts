import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

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
  await untilReady(server, endpoint);
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

async function untilReady(server: ChildProcess, endpoint: string): Promise<void> {
  let errors = '';
  server.stderr?.on('data', (text: Buffer) => (errors += text.toString()));
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null)
      throw new Error(`MiniStack ended with code ${server.exitCode}: ${errors.slice(0, 2000)}`);
    if (await answers(endpoint)) return;
    await sleep(100);
  }
  await stop(server);
  throw new Error(`MiniStack does not answer: ${errors.slice(0, 2000)}`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const ended = once(server, 'exit');
  process.kill(-server.pid, 'SIGKILL');
  await ended;
}

const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
