import type { WorkerRef } from '../storage/items/connector-item.ts';
import type {
  AlterOffsetsRequest,
  AlterOffsetsResponse,
  FenceRequest,
  FenceResponse,
  PlanRequest,
  PlanResponse,
  RunRequest,
} from '../worker/protocol.ts';

/** How the coordinator reaches worker functions: Lambda in AWS, the in-process one in `sluice dev`. */
export interface WorkerInvoker {
  /** Synchronous. Throws a ConnectError when the function cannot be reached or ends without an answer. */
  plan(worker: WorkerRef, request: PlanRequest): Promise<PlanResponse>;
  /** As `plan`. */
  fence(worker: WorkerRef, request: FenceRequest): Promise<FenceResponse>;
  /** Asynchronous: resolves once the event is accepted, which says nothing about when or how often it arrives. */
  run(worker: WorkerRef, request: RunRequest): Promise<void>;
}

/** How the herder has offsets altered: in the connector's own function, which knows its plugin and its Kafka. */
export interface OffsetsInvoker {
  /** Synchronous, as a plan. */
  alterOffsets(worker: WorkerRef, request: AlterOffsetsRequest): Promise<AlterOffsetsResponse>;
}
