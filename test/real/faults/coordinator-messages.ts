import type { FenceRequest, PlanRequest, RunRequest } from '../../../lib/worker/protocol.ts';
import type { Death } from './mortal-table.ts';

/** What a coordinator's process asks of its parent, which has the worker functions. */
export interface InvokeMessage {
  readonly id: number;
  readonly functionName: string;
  readonly request: PlanRequest | FenceRequest | RunRequest;
}

export type ToCoordinator =
  | { readonly id: number; readonly answer?: unknown; readonly error?: string }
  | { readonly die: Death };
