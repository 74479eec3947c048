import type { Contender, Turn } from './contender.ts';
import { javaOptions, tunedProducer } from './java.ts';
import type { LaneName } from './lanes/bundle-lanes.ts';
import type { LaneArguments } from './lanes/lane-arguments.ts';
import type { Launch } from './measured-run.ts';

const noLz4 = 'kafkajs has no lz4 codec';
const toolHeap = ['-Xmx512M'];

const nodeLane = (lane: LaneName, turn: Turn): Launch => {
  const { bootstrapServers, topic, recordsFile, records, shape } = turn;
  const given: LaneArguments = {
    bootstrapServers,
    topic,
    recordsFile,
    records,
    compression: shape.compression,
  };
  return {
    command: process.execPath,
    args: [...process.execArgv, turn.lanes[lane], JSON.stringify(given)],
  };
};

const saysMoved = (line: string): number | undefined => {
  const moved = /^moved (\d+)$/.exec(line)?.[1];
  return moved === undefined ? undefined : Number(moved);
};

const kafkajsUnavailable: Contender['unavailable'] = ({ shape }) =>
  shape.compression === 'lz4' ? noLz4 : undefined;

/** One of Kafka's perf tools, with what both of them are told. */
const javaTool = (tool: string, turn: Turn, ...args: readonly string[]): Launch => {
  const { classPath, bootstrapServers, topic, records } = turn;
  const shared = ['--bootstrap-server', bootstrapServers, '--topic', topic, '--num-records', String(records)];
  return {
    command: 'java',
    args: [...javaOptions(classPath, toolHeap), `org.apache.kafka.tools.${tool}`, ...shared, ...args],
  };
};

const javaProducer = (name: string, properties: readonly string[]): Contender => ({
  name,
  needsJava: true,
  launch: (turn) => {
    const given = ['--throughput', '-1', '--payload-file', turn.recordsFile, '--command-property'];
    const compression = `compression.type=${turn.shape.compression}`;
    return javaTool('ProducerPerformance', turn, ...given, compression, ...properties);
  },
});

/**
 * Its report lines tell when the first records are there, to a hundredth of a second, but not the last; the long
 * timeout keeps it from ending before all are read.
 */
const consumerReports = ['--show-detailed-stats', '--reporting-interval', '10', '--hide-header'];
const consumerPatience = ['--timeout', '600000'];

export const producers: readonly Contender[] = [
  { name: 'sluice', launch: (turn) => nodeLane('our-producer', turn) },
  {
    name: 'kafkajs',
    unavailable: kafkajsUnavailable,
    launch: (turn) => nodeLane('kafkajs-producer', turn),
  },
  javaProducer('java', []),
  javaProducer('java tuned', tunedProducer),
];

export const consumers: readonly Contender[] = [
  { name: 'sluice', launch: (turn) => ({ ...nodeLane('our-consumer', turn), movedIn: saysMoved }) },
  {
    name: 'kafkajs',
    unavailable: kafkajsUnavailable,
    launch: (turn) => ({ ...nodeLane('kafkajs-consumer', turn), movedIn: saysMoved }),
  },
  {
    name: 'java',
    needsJava: true,
    launch: (turn) => ({
      ...javaTool('ConsumerPerformance', turn, ...consumerReports, ...consumerPatience),
      movedIn: javaConsumerMoved,
      endMeansAll: true,
    }),
  },
];

/** A report line: time, thread, MB, MB/s, records, records/s, … */
function javaConsumerMoved(line: string): number | undefined {
  const fields = line.split(', ');
  return fields.length > 5 ? Number(fields[4]) : undefined;
}
