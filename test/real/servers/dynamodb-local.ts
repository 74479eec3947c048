import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type LocalDynamodb, localDynamodbConfig } from '../../../lib/local/dynalite.ts';
import { freePort } from '../../../lib/local/free-port.ts';
import { installJars } from './maven-jars.ts';
import { untilAnswers } from './until-answers.ts';

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
  const close = async (): Promise<void> => {
    if (server.exitCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  try {
    await untilAnswers('DynamoDB Local', server, endpoint);
  } catch (error) {
    await close();
    throw error;
  }
  return { endpoint, clientConfig: localDynamodbConfig(endpoint), close, [Symbol.asyncDispose]: close };
}
