import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type LocalDynamodb, localDynamodbConfig } from '../../../lib/local/dynalite.ts';

const version = '2.6.1';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sluice</groupId><artifactId>dynamodb-local</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`;

/** Why DynamoDB Local cannot run on this machine; undefined when it can. Tests skip with this as the reason. */
export async function dynamodbLocalUnavailable(): Promise<string | undefined> {
  for (const tool of ['java', 'mvn']) {
    if (!(await onPath(tool))) return `${tool} is not installed`;
  }
  return undefined;
}

/**
 * AWS's own DynamoDB Local in a Java process, in memory. The first start fetches it with Maven (50 MB) into the
 * user's cache folder. It cannot be told to listen on loopback only, so its port is a random free one.
 */
export async function startDynamodbLocal(): Promise<LocalDynamodb> {
  const lib = await install();
  const port = await freePort();
  const main = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
  const args = [
    `-Djava.library.path=${lib}`,
    '-Xmx256m',
    '-cp',
    join(lib, '*'),
    main,
    '-inMemory',
    '-disableTelemetry',
    '-port',
    String(port),
  ];
  const server = spawn('java', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const endpoint = `http://127.0.0.1:${port}`;
  await untilReady(server, endpoint);
  const close = async (): Promise<void> => {
    if (server.exitCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  return { endpoint, clientConfig: localDynamodbConfig(endpoint), close, [Symbol.asyncDispose]: close };
}

async function install(): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'sluice', `dynamodb-local-${version}`);
  const lib = join(folder, 'lib');
  const complete = join(folder, 'complete');
  if (await exists(complete)) return lib;
  await mkdir(lib, { recursive: true });
  await writeFile(join(folder, 'pom.xml'), pom);
  await promisify(execFile)('mvn', [
    '-q',
    '-B',
    '-f',
    folder,
    'dependency:copy-dependencies',
    `-DoutputDirectory=${lib}`,
    '-DincludeScope=runtime',
  ]);
  await writeFile(complete, '');
  return lib;
}

async function untilReady(server: ChildProcess, endpoint: string): Promise<void> {
  let errors = '';
  server.stderr?.on('data', (text: Buffer) => (errors += text.toString()));
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null)
      throw new Error(`DynamoDB Local ended with code ${server.exitCode}: ${errors.slice(0, 2000)}`);
    // Any answer will do: without a signature it is an error.
    if (await answers(endpoint)) return;
    await sleep(100);
  }
  server.kill('SIGKILL');
  throw new Error(`DynamoDB Local does not answer: ${errors.slice(0, 2000)}`);
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

async function onPath(tool: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return (await Promise.all(folders.map((folder) => exists(join(folder, tool))))).includes(true);
}
