import type { ConnectorConfig } from '../api/config.ts';
import type {
  ConnectorContext,
  ErrantRecordReporter,
  TaskOffsetReader,
  SinkOffsets,
  SinkTaskContext,
  SourceTaskContext,
  TaskContext,
} from '../api/context.ts';
import type { TopicPartition } from '../api/topic-partition.ts';
import { systemClock, type Clock } from '../foundation/clock.ts';
import { deadlineIn } from '../foundation/deadline.ts';
import { silentLogger, type Logger } from '../foundation/logger.ts';
import { MemoryOffsets } from './memory-offsets.ts';

export interface ContextOptions {
  readonly config?: ConnectorConfig;
  /** Default: the system's clock. Give a virtual one where a test waits. */
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly log?: Logger;
  readonly connector?: string;
  readonly task?: number;
  /** How long the run may still last; default one minute. */
  readonly remainingMs?: number;
}

function taskContext(options: ContextOptions): TaskContext {
  const clock = options.clock ?? systemClock;
  return {
    config: options.config ?? {},
    clock,
    signal: options.signal ?? new AbortController().signal,
    deadline: deadlineIn(options.remainingMs ?? 60_000, clock),
    log: options.log ?? silentLogger,
    connector: options.connector ?? 'test',
    task: options.task ?? 0,
  };
}

export interface SourceContextOptions extends ContextOptions {
  readonly offsets?: TaskOffsetReader;
  /** Default true: an empty poll means caught up. */
  readonly draining?: boolean;
  /** Default 1. */
  readonly batchDivisor?: number;
}

/** What a source task is handed in a run. */
export function sourceTaskContext(options: SourceContextOptions = {}): SourceTaskContext {
  return {
    ...taskContext(options),
    offsets: options.offsets ?? new MemoryOffsets(),
    draining: options.draining ?? true,
    batchDivisor: options.batchDivisor ?? 1,
  };
}

/** What a connector is handed in a plan. */
export function connectorContext(options: SourceContextOptions = {}): ConnectorContext {
  const { clock, signal, deadline, log, connector } = taskContext(options);
  return { clock, signal, deadline, log, connector, offsets: options.offsets ?? new MemoryOffsets() };
}

export interface SinkContextOptions extends ContextOptions {
  readonly assignment?: readonly TopicPartition[];
  readonly errantRecordReporter?: ErrantRecordReporter | null;
  /** Called with what the task asks to seek to. */
  readonly onOffset?: (offsets: SinkOffsets) => void;
  readonly onRequestCommit?: () => void;
}

/** What a sink task is handed in a run. */
export function sinkTaskContext(options: SinkContextOptions = {}): SinkTaskContext {
  const ignore = (): void => undefined;
  return {
    ...taskContext(options),
    assignment: new Set(options.assignment),
    errantRecordReporter: options.errantRecordReporter ?? null,
    offset: options.onOffset ?? ignore,
    requestCommit: options.onRequestCommit ?? ignore,
    timeout: ignore,
    pause: ignore,
    resume: ignore,
  };
}
