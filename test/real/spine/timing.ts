import type { CadencePolicy } from '../../../lib/coordinator/schedule.ts';
import { lambdaTiming, type Timing } from '../../../lib/coordinator/timing.ts';
import { lambdaWorkerTiming, type WorkerTiming } from '../../../lib/worker/worker-deps.ts';

/** Shorter leases than in production, so that the faults of this suite fit into minutes. */
export const realTiming: Timing = {
  ...lambdaTiming,
  leaseMs: 6_000,
  reinvokeAfterMs: 4_000,
  retryMinMs: 500,
  retryMaxMs: 4_000,
  lockMs: 5_000,
};
export const realWorkerTiming: WorkerTiming = {
  ...lambdaWorkerTiming,
  heartbeatMs: 1_000,
  abandonMs: 5_000,
  standbyPollMs: 300,
  maxFlushIntervalMs: 1_000,
};
export const realCadence: CadencePolicy = { mode: 'continuous', rediscoveryMs: 2_000 };
