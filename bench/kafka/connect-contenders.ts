import { type Config, ours, sources, standalone } from './connect-launch.ts';
import type { Contender, Turn } from './contender.ts';

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

export const fileSources: readonly Contender[] = sources(sourceConfig);
export const transformedSources: readonly Contender[] = sources(transformed);

export const fileSinks: readonly Contender[] = [
  { name: 'sluice', launch: (turn) => ours(turn, sinkConfig(turn)) },
  { name: 'java', needsJava: true, launch: (turn) => standalone(turn, sinkConfig(turn), []) },
];
