import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalDynamodb, localDynamodbConfig } from '../../../lib/local/dynalite.ts';
import { installJars } from './maven-jars.ts';

const version = '2.6.1';

/**
 * AWS's own DynamoDB Local in a Java process, in memory. The first start fetches it with Maven (50 MB) into the
 * user's cache folder. It cannot be told to listen on loopback only, so its port is a random free one.
 */
export async function startDynamodbLocal(): Promise<LocalDynamodb> {
  const lib = await installJars(`dynamodb-local-${version}`, [`com.amazonaws:DynamoDBLocal:${version}`]);
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
