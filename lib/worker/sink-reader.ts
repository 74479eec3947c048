import { ConnectError } from '../api/errors.ts';
import type { SinkOffsets } from '../api/context.ts';
import type { SinkRecord } from '../api/record.ts';
import { splitTopicPartition, type TopicPartition } from '../api/topic-partition.ts';
import type { CallOptions, FetchedPartition, Isolation, KafkaClient } from '../kafka/ports.ts';
import type { Origins, SinkPipeline } from '../pipeline/sink-pipeline.ts';
import type { SinkPositions } from './sink-positions.ts';
import type { RunScope } from './task-runner.ts';

/** Records to put, and the offsets that count as delivered once put has taken them. */
export interface SinkBatch {
  readonly records: readonly SinkRecord[];
  readonly next: SinkOffsets;
}

export interface ReaderOptions {
  readonly scope: RunScope;
  readonly kafka: KafkaClient;
  readonly positions: SinkPositions;
  readonly pipeline: SinkPipeline;
  readonly origins?: Origins;
}

const offsetOutOfRange = 1;
const maxBytes = 8 * 1024 * 1024;

/** Fetches from the assigned partitions without a consumer group, and converts what came. */
export class SinkReader {
  readonly #options: ReaderOptions;
  readonly #io: CallOptions;
  readonly isolation: Isolation;
  readonly reset: 'earliest' | 'latest' | 'none';
  readonly #lag = new Map<TopicPartition, bigint>();
  bytes = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
    const { config, signal, softDeadline } = options.scope;
    this.#io = { signal, deadline: softDeadline };
    this.isolation =
      config['consumer.override.isolation.level'] === 'read_committed'
        ? 'read_committed'
        : 'read_uncommitted';
    const reset = config['consumer.override.auto.offset.reset'] ?? 'earliest';
    this.reset = reset === 'latest' || reset === 'none' ? reset : 'earliest';
  }

  /** Records between what was read and the end of the partitions, as of the last fetch of each. */
  get lag(): number {
    let lag = 0n;
    for (const behind of this.#lag.values()) lag += behind;
    return Number(lag);
  }

  /** The next batch of the partitions that are not paused; empty after `maxWaitMs` without data. */
  async read(paused: ReadonlySet<TopicPartition>, maxWaitMs: number): Promise<SinkBatch> {
    const { kafka, positions, scope } = this.#options;
    const wanted = positions.partitions.filter((partition) => !paused.has(partition));
    if (wanted.length === 0) {
      await scope.deps.clock.sleep(maxWaitMs, scope.signal);
      return { records: [], next: new Map() };
    }
    const assignments = wanted.map((p) => ({ ...splitTopicPartition(p), offset: positions.position(p) }));
    const fetched = await kafka.fetch(
      { assignments, maxBytes, minBytes: 1, maxWaitMs, isolation: this.isolation },
      this.#io,
    );
    const records: SinkRecord[] = [];
    const next = new Map<TopicPartition, bigint>();
    for (const [partition, result] of fetched) {
      if (result.error !== undefined) {
        await this.#failed(partition, result, next);
        continue;
      }
      this.#lag.set(partition, result.highWatermark - result.nextOffset);
      if (result.nextOffset === positions.position(partition)) continue;
      records.push(...(await this.#convert(partition, result)));
      positions.advance(partition, result.nextOffset);
      next.set(partition, result.nextOffset);
    }
    return { records, next };
  }

  /** End offsets now: a drain's goal, so that a busy topic cannot make a run endless. */
  async ends(): Promise<SinkOffsets> {
    const { kafka, positions } = this.#options;
    const asks = positions.partitions.map((p) => ({ ...splitTopicPartition(p), at: 'latest' as const }));
    const answers = await kafka.listOffsets(asks, { ...this.#io, isolation: this.isolation });
    const ends = new Map<TopicPartition, bigint>();
    for (const [partition, { offset, error }] of answers) {
      if (error !== undefined) throw error;
      ends.set(partition, offset);
    }
    return ends;
  }

  async #convert(partition: TopicPartition, { records }: FetchedPartition): Promise<SinkRecord[]> {
    const { topic, partition: number } = splitTopicPartition(partition);
    for (const { key, value } of records) this.bytes += (key?.length ?? 0) + (value?.length ?? 0);
    return this.#options.pipeline.process(topic, number, records, this.#options.origins);
  }

  async #failed(
    partition: TopicPartition,
    { error }: FetchedPartition,
    next: Map<TopicPartition, bigint>,
  ): Promise<void> {
    const { kafka, positions, scope } = this.#options;
    if (error?.kafkaCode !== offsetOutOfRange || this.reset === 'none')
      throw error ?? new ConnectError(`Fetching ${partition} failed`);
    const answers = await kafka.listOffsets(
      [{ ...splitTopicPartition(partition), at: this.reset }],
      this.#io,
    );
    const answer = answers.get(partition);
    if (answer === undefined || answer.error !== undefined) throw answer?.error ?? error;
    scope.log.warn(
      'offset out of range: records were deleted before they were read, or the topic was created anew',
      {
        partition,
        position: String(positions.position(partition)),
        continuesAt: String(answer.offset),
        policy: this.reset,
      },
    );
    positions.seek(partition, answer.offset);
    next.set(partition, answer.offset);
  }
}
