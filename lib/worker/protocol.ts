import type { ConnectorConfig } from '../api/config.ts';

/** What a worker function is invoked with. `plan` and `fence` are called synchronously, `run` as an asynchronous event. */
export type WorkerRequest = PlanRequest | FenceRequest | RunRequest;

export interface PlanRequest {
  readonly op: 'plan';
  readonly connector: string;
  readonly configVersion: number;
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
