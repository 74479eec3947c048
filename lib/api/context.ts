import type { Deadline } from '../foundation/deadline.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Logger } from '../foundation/logger.ts';
import type { ConnectorConfig } from './config.ts';
import type { SinkRecord, SourceOffset, SourcePartition, SourceRecord } from './record.ts';
import type { TopicPartition } from './topic-partition.ts';

/** What every hook of every plugin is handed. */
export interface PluginContext {
  /** Aborted when the run must end at once: pass it to every I/O call. */
  readonly signal: AbortSignal;
  /** When the run ends. A hook that cannot finish by then should return what it has. */
  readonly deadline: Deadline;
  readonly log: Logger;
  readonly clock: Clock;
  /** The connector's name. */
  readonly connector: string;
}

/** Reads the offsets this connector has committed. */
export interface OffsetReader {
  /** Null: nothing was ever committed for that partition. */
  get(partition: SourcePartition): Promise<SourceOffset | null>;
  /** One answer a partition, in the order asked. */
  getAll(partitions: readonly SourcePartition[]): Promise<(SourceOffset | null)[]>;
}

/** The offsets of a run. */
export interface TaskOffsetReader extends OffsetReader {
  /** Never claims: for older forms of a partition, which this version of a connector never writes. */
  peek(partition: SourcePartition): Promise<SourceOffset | null>;
}

export interface ConnectorContext extends PluginContext {
  /** Committed offsets (sources); a sink's are empty. Read only: a plan never claims them. */
  readonly offsets: OffsetReader;
}

export interface TaskContext extends PluginContext {
  readonly task: number;
  /** The task's config with secrets resolved. Never log it. */
  readonly config: ConnectorConfig;
}

export interface SourceTaskContext extends TaskContext {
  /**
   * Reading an offset also claims its partition for this run, where an older one may still be about: that one can no longer
   * commit it (Invariant 4).
   */
  readonly offsets: TaskOffsetReader;
  /** True while draining: an empty poll means "caught up", so do not wait for data to arrive. */
  readonly draining: boolean;
  /**
   * 1; 2, 4, 8 … after runs of this task that were killed, for memory or time: divide the usual size of a batch by it.
   */
  readonly batchDivisor: number;
  /** Only with exactly-once delivery and `transaction.boundary=connector`. */
  readonly transactions?: TransactionContext;
}

/**
 * Where a source's transactions end, as it says itself (KIP-618). A request for a record takes effect once that record
 * has been handed over, one without a record after the batch of the next `poll`. An abort drops the records of the
 * transaction, but their offsets are committed: they are not read again. Throw where they should be.
 */
export interface TransactionContext {
  commitTransaction(record?: SourceRecord): void;
  abortTransaction(record?: SourceRecord): void;
}

/** Positions to commit or to go on from: the offset of the **next** record to read, as in Kafka. */
export type SinkOffsets = ReadonlyMap<TopicPartition, bigint>;

export interface SinkTaskContext extends TaskContext {
  readonly assignment: ReadonlySet<TopicPartition>;
  /** Seek before the next put; resets the commit position of those partitions as well. */
  offset(offsets: SinkOffsets): void;
  /** Upper bound in milliseconds for the wait before a retry of a batch that threw a RetriableError. */
  timeout(ms: number): void;
  pause(...partitions: TopicPartition[]): void;
  resume(...partitions: TopicPartition[]): void;
  /** Asks for an offset commit soon instead of at the next interval. */
  requestCommit(): void;
  /** Null unless a dead-letter topic is set or errors are logged. */
  readonly errantRecordReporter: ErrantRecordReporter | null;
}

export interface ErrantRecordReporter {
  /**
   * Reports a record the task cannot deliver. Resolves once it is stored; the offset never passes an unreported
   * record (Invariant 5). With `errors.tolerance=none` it rejects, and the task fails.
   */
  report(record: SinkRecord, error: unknown): Promise<void>;
}
