import type { ConnectorConfig } from '../api/config.ts';

/** What a worker function is invoked with. `plan` is called synchronously, `run` as an asynchronous event. */
export type WorkerRequest = PlanRequest | RunRequest;

export interface PlanRequest {
  readonly op: 'plan';
  readonly connector: string;
  readonly configVersion: number;
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
}

/** The split. A sink's partitions are dealt to its tasks by the coordinator. */
export type PlanResponse =
  | { readonly ok: true; readonly type: 'source'; readonly tasks: readonly ConnectorConfig[] }
  | {
      readonly ok: true;
      readonly type: 'sink';
      readonly config: ConnectorConfig;
      readonly partitions: readonly PlannedPartition[];
    }
  | { readonly ok: false; readonly retriable: boolean; readonly trace: string };
