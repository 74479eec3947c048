import type { ConnectorConfig } from './config.ts';
import type { ConnectorContext, SourceTaskContext } from './context.ts';
import type { ConfigValue } from './config-def.ts';
import type { SourceOffset, SourcePartition, SourceRecord } from './record.ts';

/**
 * Decides how the work of a source is split. Called by a plan (never by a run): start → taskConfigs → stop, each
 * plan on a fresh object. Throwing makes the connector FAILED, a RetriableError makes the next tick try again.
 */
export interface SourceConnector {
  start?(config: ConnectorConfig, context: ConnectorContext): void | Promise<void>;
  /**
   * One config a task, at most `maxTasks` of them, the same split for the same source: when the answer differs
   * from the tasks that run, all are stopped, and the new ones take over.
   */
  taskConfigs(maxTasks: number, context: ConnectorContext): ConnectorConfig[] | Promise<ConnectorConfig[]>;
  stop?(): void | Promise<void>;
  /** Checks the ConfigDef cannot make, such as a login or a table's columns; returns the values with errors added. */
  validate?(
    config: ConnectorConfig,
    values: ConfigValue[],
    context: ConnectorContext,
  ): ConfigValue[] | Promise<ConfigValue[]>;
  /** Null or absent: the connector does not say, so `exactly.once.support=required` is refused. */
  exactlyOnceSupport?(config: ConnectorConfig): 'SUPPORTED' | 'UNSUPPORTED' | null;
  /** True: `transaction.boundary=connector` is allowed, and the task uses `context.transactions`. */
  canDefineTransactionBoundaries?(config: ConnectorConfig): boolean;
  /** Checks (and, for offsets kept elsewhere, applies) an alteration; true if the connector handles it (KIP-875). */
  alterOffsets?(
    config: ConnectorConfig,
    offsets: ReadonlyMap<SourcePartition, SourceOffset | null>,
  ): boolean | Promise<boolean>;
}

/** What Kafka answered for one record. */
export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/**
 * Moves the data of one split: start → (poll → commitRecord… → commit)… → stop, on a fresh object each run.
 * A run can end at any instant, so nothing but `sourceOffset` may carry progress.
 */
export interface SourceTask {
  start?(config: ConnectorConfig, context: SourceTaskContext): void | Promise<void>;
  /**
   * The next batch; null or an empty list when there is nothing now. Must return within seconds, so that pause and
   * handover work. A RetriableError counts as an empty poll; any other error fails the task.
   */
  poll(context: SourceTaskContext): readonly SourceRecord[] | null | Promise<readonly SourceRecord[] | null>;
  /** After Kafka acknowledged the record; null metadata: it was dropped by a transformation or tolerated. Errors are only logged. */
  commitRecord?(record: SourceRecord, metadata: RecordMetadata | null): void | Promise<void>;
  /** After each offset commit, also when there was nothing to store. Errors are only logged. */
  commit?(): void | Promise<void>;
  /** Always called, also after a failed start or poll. */
  stop?(): void | Promise<void>;
}
