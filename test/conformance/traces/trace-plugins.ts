import { ConfigDef } from '../../../lib/api/config-def.ts';
import type { SinkPlugin, SourcePlugin } from '../../../lib/api/connector.ts';
import type { SinkOffsets, SinkTaskContext } from '../../../lib/api/context.ts';
import { ConnectError, RetriableError } from '../../../lib/api/errors.ts';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import type { OffsetMap, SinkRecord, SourceRecord } from '../../../lib/api/record.ts';
import type { SinkTask } from '../../../lib/api/sink.ts';
import type { SourceTask } from '../../../lib/api/source.ts';
import { topicPartition, type TopicPartition } from '../../../lib/api/topic-partition.ts';

/** Writes down a call, as the recorded connectors do. */
export type Tell = (call: string) => void;

const base = {
  version: '1',
  status: 'stable',
  module: import.meta.url,
  configDef: new ConfigDef({}),
} as const;

const connectorOf = (tell: Tell) => {
  let config: ConnectorConfig = {};
  return {
    start: (given: ConnectorConfig) => {
      config = given;
      tell('connector.start');
    },
    taskConfigs: (maxTasks: number) => {
      tell(`connector.taskConfigs ${maxTasks}`);
      return [config];
    },
    stop: () => tell('connector.stop'),
  };
};

/** What the test connectors themselves throw: the recordings do not say their words, only the class. */
export const ownMessages: ReadonlySet<string> = new Set(['fatal', 'runtime', 'retriable', 'start fails']);

const showAll = (partitions: Iterable<TopicPartition>): string => `[${[...partitions].join(', ')}]`;
const showOffsets = (offsets: SinkOffsets): string =>
  `{${[...offsets].map(([partition, offset]) => `${partition}=${offset}`).join(', ')}}`;

/** lab.TraceSink: reacts to words in the records, as FORMAT.md of the recordings says. */
export const traceSink = (tell: Tell): SinkPlugin => ({
  ...base,
  kind: 'sink',
  class: 'lab.TraceSink',
  connector: async () => connectorOf(tell),
  task: async () => new TraceSinkTask(tell),
});

class TraceSinkTask implements SinkTask {
  readonly #tell: Tell;
  #config: ConnectorConfig = {};
  readonly #puts = new Map<string, number>();
  #sought = false;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  start(config: ConnectorConfig, { assignment }: SinkTaskContext): void {
    this.#config = config;
    this.#tell(`task.start assignment=${showAll(assignment)}`);
    if (config['trace.fail.start'] === 'true') throw new ConnectError('start fails');
  }

  open(partitions: readonly TopicPartition[], { assignment }: SinkTaskContext): void {
    this.#tell(`task.open ${showAll(partitions)} assignment=${showAll(assignment)}`);
  }

  put(records: readonly SinkRecord[], context: SinkTaskContext): void {
    const shown = records.map(
      ({ topic, kafkaPartition, kafkaOffset, value }) =>
        `${topic}-${kafkaPartition}@${kafkaOffset}=${String(value)}`,
    );
    this.#tell(`task.put [${shown.join(', ')}]`);
    for (const record of records) this.#react(record, context);
  }

  #react(record: SinkRecord, context: SinkTaskContext): void {
    const [word, count] = String(record.value).split(':');
    const partition = topicPartition(record.topic, record.kafkaPartition);
    switch (word) {
      case 'retriable': {
        const id = `${record.topic}@${record.kafkaOffset}`;
        const puts = (this.#puts.get(id) ?? 0) + 1;
        this.#puts.set(id, puts);
        if (puts > Number(count)) return;
        if (this.#config['trace.timeout'] === 'true') context.timeout(300);
        throw new RetriableError('retriable');
      }
      case 'fatal':
        throw new ConnectError('fatal');
      case 'runtime':
        throw new TypeError('runtime');
      case 'seek0':
        if (!this.#sought) context.offset(new Map([[partition, 0n]]));
        this.#sought = true;
        return;
      case 'requestCommit':
        return context.requestCommit();
      case 'pause':
        return context.pause(partition);
      default:
    }
  }

  preCommit(offsets: SinkOffsets): SinkOffsets {
    const mode = this.#config['trace.precommit'] ?? 'default';
    if (mode === 'default') this.#tell(`task.flush ${showOffsets(offsets)}`);
    this.#tell(`task.preCommit ${showOffsets(offsets)}${mode === 'default' ? '' : ` mode=${mode}`}`);
    const moved = (by: bigint): SinkOffsets =>
      new Map([...offsets].map(([partition, offset]) => [partition, offset + by]));
    switch (mode) {
      case 'empty':
        return new Map();
      case 'behind':
        return moved(-1n);
      case 'ahead':
        return moved(100n);
      case 'throw':
        throw new ConnectError('fatal');
      default:
        return offsets;
    }
  }

  close(partitions: readonly TopicPartition[], { assignment }: SinkTaskContext): void {
    this.#tell(`task.close ${showAll(partitions)} assignment=${showAll(assignment)}`);
  }

  stop(): void {
    this.#tell('task.stop');
  }
}

/** lab.TraceSource: emits `trace.batches`, one each poll. */
export const traceSource = (tell: Tell): SourcePlugin => ({
  ...base,
  kind: 'source',
  class: 'lab.TraceSource',
  connector: async () => connectorOf(tell),
  task: async () => traceSourceTask(tell),
});

const pollMs = 250;
const tooBigBytes = 1_500_000;
const source: OffsetMap = { s: 1 };

function traceSourceTask(tell: Tell): SourceTask {
  let polls = 0;
  let topic = '';
  let batches: readonly string[] = [];
  const shown = new WeakMap<SourceRecord, string>();
  return {
    start: async (config, { offsets }) => {
      topic = config['topic'] ?? '';
      batches = (config['trace.batches'] ?? '').split(';');
      const stored = await offsets.get(source);
      const n = stored?.['n'];
      polls = Number(n ?? 0);
      tell(
        `task.start offset=${stored === null ? 'null' : `{n=${n}} ${Number.isInteger(n) ? 'Long' : typeof n}`}`,
      );
      if (config['trace.fail.start'] === 'true') throw new ConnectError('start fails');
    },
    poll: async ({ clock, signal }) => {
      await clock.sleep(pollMs, signal);
      const batch = batches[polls];
      if (batch === undefined || batch === '') {
        tell('task.poll -> null');
        return null;
      }
      polls++;
      if (batch === 'retriable') {
        tell('task.poll throws RetriableException');
        throw new RetriableError('retriable');
      }
      if (batch === 'fatal') {
        tell('task.poll throws ConnectException');
        throw new ConnectError('fatal');
      }
      tell(`task.poll -> ${batch === 'empty' ? '[]' : batch}`);
      if (batch === 'empty') return [];
      return batch.split('|').map((word): SourceRecord => {
        const value = word === 'toobig' ? 'x'.repeat(tooBigBytes) : word;
        const record = { sourcePartition: source, sourceOffset: { n: polls }, topic, value };
        shown.set(record, word);
        return record;
      });
    },
    commitRecord: (record, metadata) => {
      const place = metadata === null ? 'null' : `${metadata.topic}-${metadata.partition}@${metadata.offset}`;
      tell(`task.commitRecord ${shown.get(record)} metadata=${place}`);
    },
    commit: () => tell('task.commit'),
    stop: () => tell('task.stop'),
  };
}
