import { isDeepStrictEqual } from 'node:util';
import { toConnectError } from '../api/errors.ts';
import { describeError } from '../errors/describe-error.ts';
import type { PlannedTask } from '../storage/items/tasks.ts';
import type { PlanResponse } from '../worker/protocol.ts';
import { assignPartitions } from './assignment.ts';
import { fenceLastGeneration } from './fencing.ts';
import type { Pass } from './pass.ts';
import { backoff } from './timing.ts';

/** `ready`: the tasks in force may be granted. `wait`: not in this tick. `lost`: another coordinator came first. */
export type PlanResult = 'ready' | 'wait' | 'lost';

/** A plan that failed for good is tried again only after a config change. */
const never = 8_640_000_000_000_000;

/**
 * Brings the TASK items in line with what the connector says its split is.
 *
 * Generation barrier: when the split changes, all runs of the old one are asked to yield, and the new tasks are
 * written only when none is live and, of an exactly-once source, none can commit any more (fencing.ts). The plan is
 * not stored meanwhile: the next tick simply asks again.
 */
export async function plan(pass: Pass, due: boolean): Promise<PlanResult> {
  const stale = isStale(pass);
  if (!stale && !due) return 'ready';
  if (pass.now < pass.connector.planNotBefore) return stale ? 'wait' : 'ready';
  if (stale && !(await pass.quiesce())) return 'wait';

  const response = await ask(pass);
  if (!response.ok) return planFailed(pass, response, stale);
  const planned = deal(pass, response);
  const success = { planAttempts: 0, planNotBefore: 0, state: 'RUNNING', trace: null } as const;
  if (!stale && sameSplit(pass, planned)) {
    if (pass.connector.state !== 'RUNNING' || pass.connector.planAttempts > 0)
      pass.change = { ...pass.change, ...success };
    return 'ready';
  }
  if (!(await pass.quiesce())) return 'wait';
  const fenced = await fenceLastGeneration(pass, planned.length);
  if (!fenced.ok) return planFailed(pass, fenced, stale);
  const transactionalTasks = 'exactlyOnce' in response && response.exactlyOnce ? planned.length : 0;
  return (await apply(pass, planned, { ...success, transactionalTasks })) ? 'ready' : 'lost';
}

function isStale({ connector, currentTasks }: Pass): boolean {
  return (
    connector.plannedFrom !== connector.configVersion ||
    connector.plannedBy !== connector.worker.version ||
    currentTasks.length !== connector.taskCount
  );
}

async function ask(pass: Pass): Promise<PlanResponse> {
  const { name, configVersion, worker } = pass.connector;
  try {
    return await pass.deps.invoker.plan(worker, { op: 'plan', connector: name, configVersion });
  } catch (thrown) {
    const error = toConnectError(thrown);
    return { ok: false, retriable: error.retriable, trace: describeError(error) };
  }
}

function deal(pass: Pass, response: PlanResponse & { ok: true }): PlannedTask[] {
  if (response.type === 'source') return response.tasks.map((config) => ({ config }));
  const tasksMax = Number(pass.connector.config['tasks.max'] ?? 1);
  const before = pass.currentTasks.map((task) => task.assignment ?? {});
  return assignPartitions(response.partitions, tasksMax, before).map((assignment) => ({
    config: response.config,
    assignment,
  }));
}

function sameSplit({ currentTasks }: Pass, planned: readonly PlannedTask[]): boolean {
  const present = currentTasks.map(({ config, assignment }) =>
    assignment ? { config, assignment } : { config },
  );
  return isDeepStrictEqual(present, planned);
}

async function apply(pass: Pass, planned: readonly PlannedTask[], success: object): Promise<boolean> {
  const { state } = pass.deps;
  const { name, configVersion, worker } = pass.connector;
  // Drawn from the counter of epochs, so that two coordinators planning at once never share a generation.
  const generation = await state.connectors.nextEpoch(name);
  for (const [task, spec] of planned.entries()) {
    if (!(await state.tasks.assign(name, task, generation, spec))) return false;
  }
  for (const task of pass.tasks.filter((t) => t.task >= planned.length)) {
    await state.tasks.remove(name, task.task, generation);
  }
  const saved = await pass.save({
    ...success,
    generation,
    taskCount: planned.length,
    plannedFrom: configVersion,
    plannedBy: worker.version,
  });
  if (!saved) return false;
  pass.tasks = await state.tasks.list(name);
  pass.log.info('tasks planned', { generation, tasks: planned.length });
  return true;
}

function planFailed(
  pass: Pass,
  failure: Pick<PlanResponse & { ok: false }, 'retriable' | 'trace'>,
  stale: boolean,
): PlanResult {
  const planAttempts = pass.connector.planAttempts + 1;
  const wait = backoff(planAttempts, pass.deps.timing);
  const giveUp = stale && !failure.retriable;
  pass.change = {
    ...pass.change,
    planAttempts,
    planNotBefore: giveUp ? never : pass.now + wait,
    trace: failure.trace,
    ...(failure.retriable ? {} : { state: 'FAILED' as const }),
  };
  pass.log.error('plan failed', {
    error: failure.trace,
    retriable: failure.retriable,
    attempt: planAttempts,
  });
  // Tasks of a split that is still in force go on: a failed look for new tables must not stop the old ones.
  return stale ? 'wait' : 'ready';
}
