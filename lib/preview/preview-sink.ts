import { ConnectError } from '../api/errors.ts';
import { splitTopicPartition, topicPartition, type TopicPartition } from '../api/topic-partition.ts';
import type { CallOptions, Isolation, KafkaClient, KafkaRecord } from '../kafka/ports.ts';
import type { PreviewedRecords, PreviewEnd } from './preview.ts';
import type { PreviewScope } from './preview-scope.ts';
import { type RecordPreview, recordPreview } from './record-preview.ts';
import { TracedSinkPipeline } from './traced-pipelines.ts';

const maxBytes = 1024 * 1024;
const maxWaitMs = 500;

interface ReadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly record: KafkaRecord;
}

/** Reads the topics from the committed or earliest offsets to their present ends. The sink's task is not made. */
export async function previewSink(scope: PreviewScope): Promise<PreviewedRecords> {
  const plan = await scope.plan();
  if (plan.type !== 'sink') throw new ConnectError('Bug: a sink was planned as a source');
  const partitions = plan.partitions.map(({ topic, partition }) => topicPartition(topic, partition));
  const pipeline = new TracedSinkPipeline(scope.pipeline);
  try {
    const { read, end } = await new TopicReader(await scope.deps.kafka(), scope).read(partitions);
    const records: RecordPreview[] = [];
    for (const each of read) records.push(await follow(each, pipeline, scope));
    const tasks = Math.min(Number(scope.config['tasks.max'] ?? 1), partitions.length);
    return { records, end, tasks };
  } finally {
    pipeline.close();
  }
}

async function follow(
  { topic, partition, record }: ReadRecord,
  pipeline: TracedSinkPipeline,
  { secrets }: PreviewScope,
): Promise<RecordPreview> {
  const journey = await pipeline.follow(topic, partition, record);
  const [first] = journey.steps;
  const before = first?.before ?? (journey.end.outcome === 'passed' ? journey.end.record : undefined);
  const origin = { topic, partition, offset: record.offset };
  return recordPreview({ origin, journey, kafka: record, ...(before && { before }) }, secrets);
}

class TopicReader {
  readonly #kafka: KafkaClient;
  readonly #scope: PreviewScope;
  readonly #io: CallOptions;
  readonly #isolation: Isolation;

  constructor(kafka: KafkaClient, scope: PreviewScope) {
    this.#kafka = kafka;
    this.#scope = scope;
    this.#io = { signal: scope.limit.signal, deadline: scope.limit.deadline };
    this.#isolation =
      scope.config['consumer.override.isolation.level'] === 'read_committed'
        ? 'read_committed'
        : 'read_uncommitted';
  }

  async read(partitions: readonly TopicPartition[]): Promise<{ read: ReadRecord[]; end: PreviewEnd }> {
    const { wanted, limit } = this.#scope;
    const read: ReadRecord[] = [];
    const ends = await this.#listed(partitions, 'latest');
    const positions = await this.#start(partitions);
    for (;;) {
      const open = partitions.filter((partition) => at(positions, partition) < at(ends, partition));
      if (read.length >= wanted) return { read, end: 'ENOUGH' };
      if (open.length === 0) return { read, end: 'CAUGHT_UP' };
      const batch = await limit.within(this.#fetch(open, positions));
      if (batch === undefined) return { read, end: limit.end ?? 'STOPPED' };
      read.push(...batch.slice(0, wanted - read.length));
    }
  }

  /** Where the last commit ended, else the beginning: a preview is to show something. */
  async #start(partitions: readonly TopicPartition[]): Promise<Map<TopicPartition, bigint>> {
    const stored = await this.#scope.pages.claim(partitions);
    const earliest = await this.#listed(partitions, 'earliest');
    return new Map(
      partitions.map((partition) => {
        const first = at(earliest, partition);
        const committed = stored.get(partition) ?? first;
        return [partition, committed < first ? first : committed];
      }),
    );
  }

  async #listed(
    partitions: readonly TopicPartition[],
    which: 'earliest' | 'latest',
  ): Promise<Map<TopicPartition, bigint>> {
    if (partitions.length === 0) return new Map();
    const asks = partitions.map((partition) => ({ ...splitTopicPartition(partition), at: which }));
    const answers = await this.#kafka.listOffsets(asks, { ...this.#io, isolation: this.#isolation });
    const offsets = new Map<TopicPartition, bigint>();
    for (const [partition, { offset, error }] of answers) {
      if (error !== undefined) throw error;
      offsets.set(partition, offset);
    }
    return offsets;
  }

  /** One round; moves the positions. */
  async #fetch(
    partitions: readonly TopicPartition[],
    positions: Map<TopicPartition, bigint>,
  ): Promise<ReadRecord[]> {
    const assignments = partitions.map((partition) => ({
      ...splitTopicPartition(partition),
      offset: at(positions, partition),
    }));
    const fetched = await this.#kafka.fetch(
      { assignments, maxBytes, minBytes: 1, maxWaitMs, isolation: this.#isolation },
      this.#io,
    );
    const read: ReadRecord[] = [];
    for (const [partition, { records, nextOffset, error }] of fetched) {
      if (error !== undefined) throw error;
      positions.set(partition, nextOffset);
      for (const record of records) read.push({ ...splitTopicPartition(partition), record });
    }
    return read;
  }
}

function at(offsets: ReadonlyMap<TopicPartition, bigint>, partition: TopicPartition): bigint {
  const offset = offsets.get(partition);
  if (offset === undefined)
    throw new ConnectError(`Kafka did not say where ${partition} is`, { retriable: true });
  return offset;
}
