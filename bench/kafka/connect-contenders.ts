import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contender, Turn } from './contender.ts';
import { javaOptions, tunedProducer } from './java.ts';
import type { Launch } from './measured-run.ts';

type Config = Readonly<Record<string, string>>;
const text = 'org.apache.kafka.connect.storage.StringConverter';

const sourceConfig = ({ inputFile, topic }: Turn): Config => ({
  'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  'tasks.max': '1',
  file: inputFile,
  topic,
});

const sinkConfig = ({ outputFile, topic }: Turn): Config => ({
  'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  'tasks.max': '1',
  file: outputFile,
  topics: topic,
});

const ours = (turn: Turn, config: Config): Launch => ({
  command: process.execPath,
  args: [
    ...process.execArgv,
    turn.lanes['our-connect'],
    turn.bootstrapServers,
    JSON.stringify({ 'key.converter': text, 'value.converter': text, ...config }),
  ],
  keepsRunning: true,
});

/** Kafka Connect standalone, with the heap of its own start script. */
async function standalone(turn: Turn, connector: Config, worker: readonly string[]): Promise<Launch> {
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

const javaSource = (name: string, producer: readonly string[]): Contender => ({
  name,
  needsJava: true,
  launch: (turn) =>
    standalone(
      turn,
      sourceConfig(turn),
      [`compression.type=${turn.shape.compression}`, ...producer].map((line) => `producer.${line}`),
    ),
});

export const fileSources: readonly Contender[] = [
  {
    name: 'sluice',
    launch: (turn) =>
      ours(turn, {
        ...sourceConfig(turn),
        'producer.override.compression.type': turn.shape.compression,
      }),
  },
  javaSource('java', []),
  javaSource('java tuned', tunedProducer),
];

export const fileSinks: readonly Contender[] = [
  { name: 'sluice', launch: (turn) => ours(turn, sinkConfig(turn)) },
  { name: 'java', needsJava: true, launch: (turn) => standalone(turn, sinkConfig(turn), []) },
];
