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

/** Four of the most used, then JSON without a schema. */
const transformed = (turn: Turn): Config => ({
  ...sourceConfig(turn),
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
  transforms: 'hoist,insert,mask,rename',
  'transforms.hoist.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
  'transforms.hoist.field': 'line',
  'transforms.insert.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
  'transforms.insert.static.field': 'token',
  'transforms.insert.static.value': 'c0ffee',
  'transforms.mask.type': 'org.apache.kafka.connect.transforms.MaskField$Value',
  'transforms.mask.fields': 'token',
  'transforms.rename.type': 'org.apache.kafka.connect.transforms.ReplaceField$Value',
  'transforms.rename.renames': 'line:text',
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

type SourceConfig = (turn: Turn) => Config;

const javaSource = (name: string, config: SourceConfig, producer: readonly string[]): Contender => ({
  name,
  needsJava: true,
  launch: (turn) =>
    standalone(
      turn,
      config(turn),
      [`compression.type=${turn.shape.compression}`, ...producer].map((line) => `producer.${line}`),
    ),
});

const sources = (config: SourceConfig): readonly Contender[] => [
  {
    name: 'sluice',
    launch: (turn) =>
      ours(turn, { ...config(turn), 'producer.override.compression.type': turn.shape.compression }),
  },
  javaSource('java', config, []),
  javaSource('java tuned', config, tunedProducer),
];

export const fileSources: readonly Contender[] = sources(sourceConfig);
export const transformedSources: readonly Contender[] = sources(transformed);

export const fileSinks: readonly Contender[] = [
  { name: 'sluice', launch: (turn) => ours(turn, sinkConfig(turn)) },
  { name: 'java', needsJava: true, launch: (turn) => standalone(turn, sinkConfig(turn), []) },
];
