import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultMemorySize, heapOptions } from '../../infra/function-memory.ts';
import type { Contender, Turn } from './contender.ts';
import { javaOptions, tunedProducer } from './java.ts';
import type { Launch } from './measured-run.ts';

/** A connector's, without its name. */
export type Config = Readonly<Record<string, string>>;
export type SourceConfig = (turn: Turn) => Config;
const text = 'org.apache.kafka.connect.storage.StringConverter';

/** The whole of Sluice with one connector, with the heap that its function would have. */
export const ours = (turn: Turn, config: Config): Launch => ({
  command: process.execPath,
  args: [
    ...process.execArgv,
    ...heapOptions(defaultMemorySize),
    turn.lanes['our-connect'],
    turn.bootstrapServers,
    JSON.stringify({ 'key.converter': text, 'value.converter': text, ...config }),
  ],
  keepsRunning: true,
});

/** Kafka Connect standalone, with the heap of its own start script. */
export async function standalone(turn: Turn, connector: Config, worker: readonly string[]): Promise<Launch> {
  const { folder, bootstrapServers, classPath } = turn;
  const [workerFile, connectorFile] = [join(folder, 'worker.properties'), join(folder, 'bench.properties')];
  const lines = [
    `bootstrap.servers=${bootstrapServers}`,
    `key.converter=${text}`,
    `value.converter=${text}`,
    `offset.storage.file.filename=${join(folder, 'offsets')}`,
    'listeners=http://127.0.0.1:0',
    ...worker,
  ];
  await writeFile(workerFile, lines.join('\n'));
  const properties = Object.entries({ name: turn.connector, ...connector });
  await writeFile(connectorFile, properties.map(([key, value]) => `${key}=${value}`).join('\n'));
  return {
    command: 'java',
    args: [
      ...javaOptions(classPath, ['-Xms256M', '-Xmx2G']),
      'org.apache.kafka.connect.cli.ConnectStandalone',
      workerFile,
      connectorFile,
    ],
    keepsRunning: true,
  };
}

export interface JavaSource {
  readonly name: string;
  readonly config: SourceConfig;
  /** Settings of the worker's producer. */
  readonly producer: readonly string[];
  /** The class path with the connector, from the one all have; absent: that one. */
  readonly classPath?: (shared: string) => Promise<string>;
}

export const javaSource = ({ name, config, producer, classPath }: JavaSource): Contender => ({
  name,
  needsJava: true,
  launch: async (turn) =>
    standalone(
      classPath === undefined ? turn : { ...turn, classPath: await classPath(turn.classPath) },
      config(turn),
      [`compression.type=${turn.shape.compression}`, ...producer].map((line) => `producer.${line}`),
    ),
});

export const oursAsSource = (config: SourceConfig): Contender => ({
  name: 'sluice',
  launch: (turn) =>
    ours(turn, { ...config(turn), 'producer.override.compression.type': turn.shape.compression }),
});

/** One config, run by Sluice, and by Kafka Connect with its own producer settings and with better ones. */
export const sources = (config: SourceConfig): readonly Contender[] => [
  oursAsSource(config),
  javaSource({ name: 'java', config, producer: [] }),
  javaSource({ name: 'java tuned', config, producer: tunedProducer }),
];
