import { ConnectError } from '../api/errors.ts';
import type { SinkOffsets } from '../api/context.ts';
import type { SinkRecord } from '../api/record.ts';
import { splitTopicPartition, type TopicPartition } from '../api/topic-partition.ts';
import type { CallOptions, FetchedPartition, FetchRequest, KafkaClient } from '../kafka/ports.ts';
import type { Origins, SinkPipeline } from '../pipeline/sink-pipeline.ts';
import { type FetchSettings, fetchSettings } from './client-settings.ts';
import { FetchAhead } from './fetch-ahead.ts';
import { FetchedRecords, type Stretch } from './fetched-records.ts';
import { goOnElsewhere } from './out-of-range.ts';
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

/** Fetches from the assigned partitions without a consumer group, and converts what came. */
export class SinkReader {
  readonly #options: ReaderOptions;
  readonly #io: CallOptions;
  readonly settings: FetchSettings;
  readonly #fetched = new FetchedRecords();
  readonly #lag = new Map<TopicPartition, bigint>();
  readonly #ahead: FetchAhead;
  /** By its answers to the last fetch, Kafka has records beyond them. */
  #hasMore = false;
  bytes = 0;
  /** Partitions that were read on elsewhere, because they do not hold their offset. */
  outOfRange = 0;

  /** Throws a ConfigError for a `consumer.override.*` value that makes no sense. */
  constructor(options: ReaderOptions) {
    this.#options = options;
    const { config, signal, softDeadline, task } = options.scope;
    this.#io = { signal, deadline: softDeadline };
    this.settings = fetchSettings(config, task.batchDivisor);
    this.#ahead = new FetchAhead(options.kafka, this.#io);
  }

  /** Nothing is on its way afterwards. */
  async close(): Promise<void> {
    await this.#ahead.close();
  }

  /** Records between what was read and the end of the partitions, as of the last fetch of each. */
  get lag(): number {
    let lag = 0n;
    for (const behind of this.#lag.values()) lag += behind;
    return Number(lag);
  }

  /** The next batch of the partitions that are not paused; empty after `maxWaitMs` without data. */
  async read(paused: ReadonlySet<TopicPartition>, maxWaitMs: number): Promise<SinkBatch> {
    const { positions } = this.#options;
    const next = new Map<TopicPartition, bigint>();
    const take = (): Stretch[] =>
      this.#fetched.take(
        this.settings.maxPollRecords ?? Infinity,
        (partition) => paused.has(partition),
        (partition) => positions.position(partition),
      );
    let stretches = take();
    if (stretches.length === 0) {
      await this.#fetch(paused, maxWaitMs, next);
      stretches = take();
    }
    for (const stretch of stretches) {
      positions.advance(stretch.partition, stretch.next);
      next.set(stretch.partition, stretch.next);
    }
    // Not where memory may have been too little: a fetch ahead is a second batch in it.
    const { batchDivisor } = this.#options.scope.task;
    if (this.#hasMore && batchDivisor === 1 && this.#fetched.partitions.size === 0)
      this.#ahead.begin(this.#request(paused, maxWaitMs));
    const converted: SinkRecord[][] = [];
    for (const stretch of stretches) converted.push(await this.#convert(stretch));
    const [only = []] = converted;
    return { records: converted.length < 2 ? only : converted.flat(), next };
  }

  /** `moved` takes partitions that go on elsewhere because their offset was out of range. */
  async #fetch(
    paused: ReadonlySet<TopicPartition>,
    maxWaitMs: number,
    moved: Map<TopicPartition, bigint>,
  ): Promise<void> {
    const { positions, scope } = this.#options;
    const request = this.#request(paused, maxWaitMs);
    if (request.assignments.length === 0) return scope.deps.clock.sleep(maxWaitMs, scope.signal);
    const answer = await this.#ahead.fetch(request);
    this.#hasMore = false;
    for (const [partition, result] of answer) {
      if (result.error !== undefined) {
        await this.#failed(partition, result, moved);
        continue;
      }
      const { highWatermark, lastStableOffset } = result;
      const end = request.isolation === 'read_committed' ? lastStableOffset : highWatermark;
      this.#hasMore ||= end > result.nextOffset;
      this.#lag.set(partition, result.highWatermark - result.nextOffset);
      const at = positions.position(partition);
      if (result.nextOffset === at) continue;
      this.#fetched.add({ partition, records: result.records, next: result.nextOffset }, at);
    }
  }

  #request(paused: ReadonlySet<TopicPartition>, maxWaitMs: number): FetchRequest {
    const { positions } = this.#options;
    const waiting = this.#fetched.partitions;
    const wanted = positions.partitions.filter((p) => !paused.has(p) && !waiting.has(p));
    const { minBytes, maxBytes, maxPartitionBytes, isolation, clientId } = this.settings;
    return {
      assignments: wanted.map((p) => ({ ...splitTopicPartition(p), offset: positions.position(p) })),
      maxBytes,
      minBytes,
      maxWaitMs: Math.min(maxWaitMs, this.settings.maxWaitMs ?? Infinity),
      isolation,
      ...(maxPartitionBytes === undefined ? {} : { maxPartitionBytes }),
      ...(clientId === undefined ? {} : { clientId }),
    };
  }

  /** End offsets now: a drain's goal, so that a busy topic cannot make a run endless. */
  async ends(): Promise<SinkOffsets> {
    const { kafka, positions } = this.#options;
    const asks = positions.partitions.map((p) => ({ ...splitTopicPartition(p), at: 'latest' as const }));
    const answers = await kafka.listOffsets(asks, { ...this.#io, isolation: this.settings.isolation });
    const ends = new Map<TopicPartition, bigint>();
    for (const [partition, { offset, error }] of answers) {
      if (error !== undefined) throw error;
      ends.set(partition, offset);
    }
    return ends;
  }

  async #convert({ partition, records }: Stretch): Promise<SinkRecord[]> {
    const { topic, partition: number } = splitTopicPartition(partition);
    let bytes = 0;
    for (const { size } of records) bytes += size;
    this.bytes += bytes;
    return this.#options.pipeline.process(topic, number, records, this.#options.origins);
  }

  async #failed(
    partition: TopicPartition,
    { error }: FetchedPartition,
    next: Map<TopicPartition, bigint>,
  ): Promise<void> {
    const { kafka, positions, scope } = this.#options;
    const { reset } = this.settings;
    if (error?.kafkaCode !== offsetOutOfRange || reset === 'none')
      throw error ?? new ConnectError(`Fetching ${partition} failed`);
    const lost = { partition, position: positions.position(partition), policy: reset };
    const offset = await goOnElsewhere(lost, kafka, this.#io, scope.log);
    this.outOfRange++;
    positions.seek(partition, offset);
    next.set(partition, offset);
  }
}
