import type { OffsetsInvoker, WorkerInvoker } from '../coordinator/invoker.ts';
import { deadlineIn } from '../foundation/deadline.ts';
import type { InvocationContext } from '../worker/invocation.ts';
import type {
  AlterOffsetsRequest,
  AlterOffsetsResponse,
  FenceRequest,
  FenceResponse,
  PlanRequest,
  PlanResponse,
  WorkerRequest,
} from '../worker/protocol.ts';
import { handleWorkerRequest } from '../worker/worker.ts';
import type { WorkerDeps } from '../worker/worker-deps.ts';

export interface InProcessLambdaOptions {
  readonly worker: WorkerDeps;
  /** The function's timeout, milliseconds. */
  readonly timeoutMs: number;
  /** Aborted when the session wants its runs to come to an orderly end. */
  readonly stop: AbortSignal;
}

/** Lambda in this process: synchronous plans, and runs as asynchronous events with a deadline each. */
export class InProcessLambda implements WorkerInvoker, OffsetsInvoker {
  readonly #options: InProcessLambdaOptions;
  readonly #running = new Set<Promise<unknown>>();
  #invocations = 0;

  constructor(options: InProcessLambdaOptions) {
    this.#options = options;
  }

  async plan(_worker: unknown, request: PlanRequest): Promise<PlanResponse> {
    return (await this.#invoke(request)) as PlanResponse;
  }

  async fence(_worker: unknown, request: FenceRequest): Promise<FenceResponse> {
    return (await this.#invoke(request)) as FenceResponse;
  }

  async alterOffsets(_worker: unknown, request: AlterOffsetsRequest): Promise<AlterOffsetsResponse> {
    return (await this.#invoke(request)) as AlterOffsetsResponse;
  }

  async run(_worker: unknown, request: WorkerRequest): Promise<void> {
    const { log } = this.#options.worker;
    const running = this.#invoke(request).then(
      () => undefined,
      (error: unknown) =>
        log.error('invocation failed', { connector: request.connector, error: String(error) }),
    );
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** Resolves when no invocation is at work. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #invoke(request: WorkerRequest): ReturnType<typeof handleWorkerRequest> {
    const { worker, timeoutMs, stop } = this.#options;
    const invocation: InvocationContext = {
      requestId: `local-${++this.#invocations}`,
      logGroup: 'local',
      logStream: 'this process',
      deadline: deadlineIn(timeoutMs, worker.clock),
      signal: stop,
    };
    return handleWorkerRequest(request, invocation, worker);
  }
}
