import { LambdaClient } from '@aws-sdk/client-lambda';
import middy from '@middy/core';
import type { CoordinatorDeps } from '../lib/coordinator/pass.ts';
import { lambdaCadence } from '../lib/coordinator/schedule.ts';
import { tick, type TickResult } from '../lib/coordinator/tick.ts';
import { lambdaTiming } from '../lib/coordinator/timing.ts';
import { systemClock } from '../lib/foundation/clock.ts';
import { systemRandom } from '../lib/foundation/random.ts';
import { readClusterEnvironment } from './cluster-environment.ts';
import { invocationOf } from './invocation.ts';
import { lambdaInvoker } from './lambda-invoker.ts';
import { lambdaLogger } from './lambda-logger.ts';
import { errorHints } from './middleware/error-hints.ts';
import { openState } from './open-state.ts';

/** From the schedule: every connector, or those of a shard. From a nudge or a schedule of its own: the named ones. */
export interface TickEvent {
  readonly connectors?: readonly string[];
  readonly shard?: number;
  readonly of?: number;
}

const { tableName } = readClusterEnvironment(process.env);
const log = lambdaLogger();
const deps: CoordinatorDeps = {
  state: openState(tableName, log),
  // A plan may open a database: it gets its time, within the function's own two minutes.
  invoker: lambdaInvoker(
    new LambdaClient({ requestHandler: { requestTimeout: 60_000, throwOnRequestTimeout: true } }),
    log,
  ),
  clock: systemClock,
  random: systemRandom,
  log,
  timing: lambdaTiming,
  cadence: lambdaCadence,
};

export const handler = middy<TickEvent, TickResult>()
  .use(errorHints())
  .handler(({ connectors, shard = 0, of = 1 }, context) =>
    tick(deps, connectors, { shard: { shard, of }, deadline: invocationOf(context).deadline }),
  );
