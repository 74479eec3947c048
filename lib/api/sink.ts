import type { ConnectorConfig } from './config.ts';
import type { ConnectorContext, SinkOffsets, SinkTaskContext } from './context.ts';
import type { ConfigValue } from './config-def.ts';
import type { SinkRecord } from './record.ts';
import type { TopicPartition } from './topic-partition.ts';

/** Splits a sink. The topic-partitions are dealt to the tasks by the coordinator; most sinks need no own class. */
export interface SinkConnector {
  start?(config: ConnectorConfig, context: ConnectorContext): void | Promise<void>;
  /** Absent: every task gets the connector's config. */
  taskConfigs?(maxTasks: number, context: ConnectorContext): ConnectorConfig[] | Promise<ConnectorConfig[]>;
  stop?(): void | Promise<void>;
  validate?(
    config: ConnectorConfig,
    values: ConfigValue[],
    context: ConnectorContext,
  ): ConfigValue[] | Promise<ConfigValue[]>;
  alterOffsets?(
    config: ConnectorConfig,
    offsets: ReadonlyMap<TopicPartition, bigint | null>,
  ): boolean | Promise<boolean>;
}

/**
 * Writes records to a system: start → open → (put → preCommit)… → close → stop, on a fresh object each run.
 */
export interface SinkTask {
  start?(config: ConnectorConfig, context: SinkTaskContext): void | Promise<void>;
  open?(partitions: readonly TopicPartition[], context: SinkTaskContext): void | Promise<void>;
  /**
   * Takes a batch, in offset order per partition; also called with an empty list, so that time-based work happens.
   * A RetriableError has the same batch delivered again; any other error fails the task.
   */
  put(records: readonly SinkRecord[], context: SinkTaskContext): void | Promise<void>;
  /**
   * Which offsets may be committed: absent or returning undefined, `flush` is called and all of them are.
   * Throwing rewinds to the last committed offsets. Only offsets returned here are ever stored (Invariant 2).
   */
  preCommit?(
    offsets: SinkOffsets,
    context: SinkTaskContext,
  ): SinkOffsets | undefined | Promise<SinkOffsets | undefined>;
  /** Makes everything put so far durable; throwing means nothing of it may be committed. */
  flush?(offsets: SinkOffsets, context: SinkTaskContext): void | Promise<void>;
  close?(partitions: readonly TopicPartition[], context: SinkTaskContext): void | Promise<void>;
  /** Always called, also after a failed start or put. */
  stop?(): void | Promise<void>;
}
