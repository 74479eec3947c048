import { alterOffsets } from './alter-offsets.ts';
import { fenceTasks } from './exactly-once/fence-tasks.ts';
import type { InvocationContext } from './invocation.ts';
import { planTasks } from './plan-task.ts';
import type { AlterOffsetsResponse, FenceResponse, PlanResponse, WorkerRequest } from './protocol.ts';
import { runTask, type RunResult } from './run.ts';
import type { WorkerDeps } from './worker-deps.ts';

export type WorkerResponse = PlanResponse | FenceResponse | RunResult | AlterOffsetsResponse;

/** The worker function's one entry: what a request asks for, done with this worker's plugins. */
export async function handleWorkerRequest(
  request: WorkerRequest,
  invocation: InvocationContext,
  deps: WorkerDeps,
): Promise<WorkerResponse> {
  if (request.op === 'plan') return planTasks(request, invocation, deps);
  if (request.op === 'fence') return fenceTasks(request, invocation, deps);
  if (request.op === 'alterOffsets') return alterOffsets(request, invocation, deps);
  const result = await runTask(request, invocation, deps);
  if (result.end === 'LEFT')
    deps.log.info('invocation left its run alone', {
      connector: request.connector,
      epoch: request.epoch,
      why: result.why,
    });
  return result;
}
