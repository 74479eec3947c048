import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { freePort } from '../../../lib/local/free-port.ts';
import { endProcess } from './end-process.ts';
import { installJars } from './maven-jars.ts';

const version = '4.3.1';
const jars = [
  ...['kafka_2.13', 'connect-runtime', 'connect-json', 'connect-transforms'].map(
    (artifact) => `org.apache.kafka:${artifact}:${version}`,
  ),
  'org.slf4j:slf4j-simple:1.7.36',
];
const startMs = 60_000;
const shutDownMs = 20_000;

export interface RealKafka extends AsyncDisposable {
  readonly bootstrapServers: string;
  /** `localhost:port` of each further listener. */
  readonly listeners: Readonly<Record<string, string>>;
  /** Ends the broker and starts it again on the same port with the same data. SIGTERM lets it close in order. */
  restart(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  close(): Promise<void>;
}

export interface RealKafkaOptions {
  /** Lines of server.properties beyond the starter's own. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Listeners beside the plain one: security protocols by name, such as `{ MTLS: 'SSL' }`. */
  readonly listeners?: Readonly<Record<string, string>>;
  /** `host:port` clients are told for such a listener, where something stands in between. */
  readonly advertised?: Readonly<Record<string, string>>;
  /** Users that exist from the start: `SCRAM-SHA-256=[name=ann,password=…]`. */
  readonly scram?: readonly string[];
  readonly heap?: string;
}

/**
 * A single-node KRaft broker of real Apache Kafka on loopback, in a Java process (17 or newer) with a data folder of
 * its own. The first start fetches it with Maven (110 MB) into the user's cache folder.
 */
export async function startKafka({
  properties = {},
  listeners: protocols = {},
  advertised = {},
  scram = [],
  heap = '512m',
}: RealKafkaOptions = {}): Promise<RealKafka> {
  const classPath = await kafkaClassPath();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-kafka-'));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const bootstrapServers = `127.0.0.1:${port}`;
  const config = join(folder, 'server.properties');
  const listeners: Record<string, string> = {};
  for (const name of Object.keys(protocols)) listeners[name] = `localhost:${await freePort()}`;
  const starter = serverProperties(folder, bootstrapServers, `127.0.0.1:${controllerPort}`);
  const lines = {
    ...starter,
    ...furtherListeners(starter, { listeners, advertised, protocols }),
    ...properties,
  };
  await writeFile(
    config,
    Object.entries(lines)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const java = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', classPath];
  const clusterId = randomBytes(16).toString('base64url');
  await promisify(execFile)('java', [
    ...java,
    'kafka.tools.StorageTool',
    'format',
    // In one word: an id may begin with a dash, and would be taken for an option.
    `--cluster-id=${clusterId}`,
    '-c',
    config,
    ...scram.flatMap((user) => ['--add-scram', user]),
  ]);
  const start = async (): Promise<ChildProcess> => {
    const server = spawn('java', [`-Xms${heap}`, `-Xmx${heap}`, ...java, 'kafka.Kafka', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await untilReady(server, bootstrapServers);
    return server;
  };
  let server = await start();
  const close = async (): Promise<void> => {
    await endProcess(server);
    await rm(folder, { recursive: true, force: true });
  };
  const restart = async (signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> => {
    await (signal === 'SIGTERM' ? shutDown(server) : endProcess(server));
    server = await start();
  };
  return { bootstrapServers, listeners, restart, close, [Symbol.asyncDispose]: close };
}

function serverProperties(folder: string, address: string, controller: string): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${controller}`,
    listeners: `PLAINTEXT://${address},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${address}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(folder, 'log'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    'log.cleaner.backoff.ms': '200',
    // Records of tests are stamped in the past: half a minute after the start, the default would delete them as too old.
    'log.retention.ms': '-1',
  };
}

/** Java's class path with the broker, Kafka Connect, its converters and its transformations. */
export const kafkaClassPath = async (): Promise<string> =>
  join(await installJars(`kafka-${version}`, jars), '*');

function furtherListeners(
  starter: Readonly<Record<string, string>>,
  {
    listeners,
    advertised,
    protocols,
  }: Readonly<Record<'listeners' | 'advertised' | 'protocols', Readonly<Record<string, string>>>>,
): Record<string, string> {
  const withThose = (key: string, all: readonly string[]): string => [starter[key] ?? '', ...all].join(',');
  const entries = Object.entries(listeners);
  return {
    listeners: withThose(
      'listeners',
      entries.map(([name, address]) => `${name}://${address.replace('localhost', '127.0.0.1')}`),
    ),
    'advertised.listeners': withThose(
      'advertised.listeners',
      entries.map(([name, address]) => `${name}://${advertised[name] ?? address}`),
    ),
    'listener.security.protocol.map': withThose(
      'listener.security.protocol.map',
      Object.entries(protocols).map(([name, protocol]) => `${name}:${protocol}`),
    ),
  };
}

/** Ready is what answers a client. */
async function untilReady(server: ChildProcess, bootstrapServers: string): Promise<void> {
  let errors = '';
  server.stderr?.on('data', (text: Buffer) => (errors = `${errors}${text.toString()}`.slice(-4000)));
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`Kafka ended with code ${String(code)}: ${errors}`);
  });
  await using client = connectKafka({ bootstrapServers: [bootstrapServers], clientId: 'starter' });
  try {
    await Promise.race([ended, client.listTopics({ deadline: deadlineIn(startMs, systemClock) })]);
  } catch (error) {
    await endProcess(server);
    throw error;
  }
}

/** Killed after all, if it does not end by itself. */
async function shutDown(server: ChildProcess): Promise<void> {
  const limit = AbortSignal.timeout(shutDownMs);
  const exited = once(server, 'exit', { signal: limit });
  server.kill('SIGTERM');
  try {
    await exited;
  } catch (error) {
    if (!limit.aborted) throw error;
    await endProcess(server);
  }
}
