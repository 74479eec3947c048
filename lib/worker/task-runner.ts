import type { ConnectorConfig } from '../api/config.ts';
import type { KnownSecrets } from '../config-providers/secrets.ts';
import type { Deadline } from '../foundation/deadline.ts';
import type { Logger } from '../foundation/logger.ts';
import type { ConnectorItem } from '../storage/items/connector-item.ts';
import type { TaskItem } from '../storage/items/task-item.ts';
import type { Lease } from './lease.ts';
import type { RunOffsets } from './run-offsets.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** All a source or sink runner needs for one run. */
export interface RunScope {
  readonly deps: WorkerDeps;
  readonly lease: Lease;
  readonly connector: ConnectorItem;
  readonly task: TaskItem;
  /** Connector config and task config with secrets resolved. Never logged, never stored (Invariant 8). */
  readonly config: ConnectorConfig;
  readonly taskConfig: ConnectorConfig;
  /** For texts that leave the run by other ways than its log and its outcome. */
  readonly secrets: KnownSecrets;
  readonly offsets: RunOffsets;
  readonly draining: boolean;
  /** Reaching it starts the orderly end; the reserve after it belongs to flush, commit and release. */
  readonly softDeadline: Deadline;
  readonly deadline: Deadline;
  /** For sends to Kafka: those on their way at the soft deadline still have a part of the reserve to arrive. */
  readonly sendDeadline: Deadline;
  /** Aborted when the lease is lost or the platform ends the run: nothing may be written after that. */
  readonly signal: AbortSignal;
  /** Aborted when the platform asks for an orderly end (Ctrl-C): drain and commit. */
  readonly stopRequested: () => boolean;
  readonly log: Logger;
}

export type RunEnd = 'CAUGHT_UP' | 'DEADLINE' | 'YIELD';

/** The part of every loop that decides whether to go on. */
export function stopReason(scope: RunScope): RunEnd | undefined {
  if (scope.lease.yieldRequested || scope.stopRequested()) return 'YIELD';
  if (scope.softDeadline.expired) return 'DEADLINE';
  return undefined;
}
