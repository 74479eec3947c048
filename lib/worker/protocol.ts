import type { ConnectorConfig } from '../api/config.ts';
import type { ErrorCode } from '../api/errors.ts';

/** What a worker function is invoked with. `run` is an asynchronous event, the others are called synchronously. */
export type WorkerRequest = PlanRequest | FenceRequest | RunRequest | AlterOffsetsRequest;

export interface PlanRequest {
  readonly op: 'plan';
  readonly connector: string;
  readonly configVersion: number;
  /** Of a sink: how far each partition is behind is asked for as well. */
  readonly backlog?: boolean;
}

/** Fences the transactional ids of tasks 0 to `tasks` - 1. */
export interface FenceRequest {
  readonly op: 'fence';
  readonly connector: string;
  readonly tasks: number;
}

export interface RunRequest {
  readonly op: 'run';
  readonly connector: string;
  readonly task: number;
  readonly epoch: number;
}

export interface AlterOffsetsRequest {
  readonly op: 'alterOffsets';
  readonly connector: string;
  readonly configVersion: number;
  /** Fresh: above that of every run. */
  readonly epoch: number;
  /** JSON text of `[{partition, offset}]`, exact for any number; null: every offset is deleted. */
  readonly offsets: string | null;
}

/** `handled`: the plugin has seen to offsets that it keeps elsewhere. */
export type AlterOffsetsResponse =
  | { readonly ok: true; readonly handled: boolean }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

export interface PlannedPartition {
  readonly topic: string;
  readonly partition: number;
  /** The next record to read, and the end, as texts of integers; absent where nobody asked or Kafka did not say. */
  readonly next?: string;
  readonly end?: string;
}

/** The split. A sink's partitions are dealt to its tasks by the coordinator. */
export type PlanResponse =
  | {
      readonly ok: true;
      readonly type: 'source';
      readonly tasks: readonly ConnectorConfig[];
      /** Its tasks write under transactional ids. */
      readonly exactlyOnce?: boolean;
    }
  | {
      readonly ok: true;
      readonly type: 'sink';
      readonly config: ConnectorConfig;
      readonly partitions: readonly PlannedPartition[];
    }
  | { readonly ok: false; readonly retriable: boolean; readonly trace: string };

export type FenceResponse =
  | { readonly ok: true }
  | { readonly ok: false; readonly retriable: boolean; readonly trace: string };
