import { isDeepStrictEqual } from 'node:util';
import { toConnectError } from '../api/errors.ts';
import { describeError } from '../errors/describe-error.ts';
import type { ConnectorChange } from '../storage/items/connectors.ts';
import type { PlannedTask } from '../storage/items/task-item.ts';
import type { PlanResponse } from '../worker/protocol.ts';
import { assignPartitions } from './assignment.ts';
import { fenceLastGeneration } from './fencing.ts';
import { mostFailures } from './half-open.ts';
import type { Pass } from './pass.ts';
import { needsBacklog, sinkTasks } from './scaling.ts';
import type { Mode } from './schedule.ts';
import { backoff } from './timing.ts';

/** `ready`: the tasks in force may be granted. `wait`: not in this tick. `lost`: another coordinator came first. */
export type PlanResult = 'ready' | 'wait' | 'lost';

/** A plan that failed for good is tried again only after a config change. */
const never = 8_640_000_000_000_000;

export interface PlanWhen {
  readonly due: boolean;
  readonly mode: Mode;
}

/**
 * Brings the TASK items in line with what the connector says its split is.
 *
 * Generation barrier: when the split changes, all runs of the old one are asked to yield, and the new tasks are
 * written only when none is live and, of an exactly-once source, none can commit any more (fencing.ts). The plan is
 * not stored meanwhile: the next tick simply asks again. New code of the connector's function is asked as well, but
 * leaves the generation as it is when it splits the work no otherwise.
 */
export async function plan(pass: Pass, { due, mode }: PlanWhen): Promise<PlanResult> {
  const { connector } = pass;
  const stale = isStale(pass);
  const newCode = connector.plannedBy !== connector.worker.version;
  if (!stale && !newCode && !due && connector.state !== 'RESTARTING') return 'ready';
  if (waits(connector.planNotBefore, pass)) return stale ? 'wait' : 'ready';
  if (stale && !(await pass.quiesce())) return 'wait';

  const response = await ask(pass);
  if (!response.ok) return planFailed(pass, response, stale);
  const planned = deal(pass, response, mode);
  const success = { planAttempts: 0, planNotBefore: 0, state: 'RUNNING', trace: null } as const;
  if (!stale && sameSplit(pass, planned)) {
    if (connector.state !== 'RUNNING' || connector.planAttempts > 0)
      pass.change = { ...pass.change, ...success };
    if (newCode) await restartFailed(pass);
    pass.change = { ...pass.change, plannedBy: connector.worker.version };
    return 'ready';
  }
  if (!(await pass.quiesce())) return 'wait';
  const transactionalTasks = 'exactlyOnce' in response && response.exactlyOnce ? planned.length : 0;
  const fresh = newCode || connector.plannedFrom !== connector.configVersion;
  return apply(pass, planned, { success: { ...success, transactionalTasks }, fresh });
}

function isStale({ connector, currentTasks }: Pass): boolean {
  return connector.plannedFrom !== connector.configVersion || currentTasks.length !== connector.taskCount;
}

/** A wait far beyond the longest, other than for good, was reckoned by a clock that had jumped. */
const waits = (notBefore: number, { now, deps }: Pass): boolean =>
  notBefore === never || (notBefore > now && notBefore <= now + deps.timing.retryMaxMs);

/** What failed for good may do so no longer with other code, as when the workers of Kafka Connect are upgraded. */
async function restartFailed(pass: Pass): Promise<void> {
  const { state } = pass.deps;
  const { name, epoch } = pass.connector;
  const failed = pass.currentTasks.filter((task) => task.state === 'FAILED');
  for (const task of failed) await state.tasks.restart(task, epoch);
  if (failed.length > 0) pass.tasks = await state.tasks.list(name);
}

async function ask(pass: Pass): Promise<PlanResponse> {
  const { name, configVersion, worker } = pass.connector;
  try {
    const backlog = needsBacklog(pass.connector) ? { backlog: true } : {};
    return await pass.deps.invoker.plan(worker, { op: 'plan', connector: name, configVersion, ...backlog });
  } catch (thrown) {
    const error = toConnectError(thrown);
    return { ok: false, retriable: error.retriable, trace: describeError(error) };
  }
}

function deal(pass: Pass, response: PlanResponse & { ok: true }, mode: Mode): PlannedTask[] {
  if (response.type === 'source') return response.tasks.map((config) => ({ config }));
  const { connector, currentTasks } = pass;
  const { tasks, memory } = sinkTasks(
    {
      connector,
      mode,
      current: currentTasks.length,
      isAtWork: pass.liveRuns.length > 0,
      isFailing: mostFailures(pass) > 0,
    },
    response.partitions,
  );
  if (memory.low !== connector.scale.low)
    pass.change = { ...pass.change, scale: { ...(pass.change.scale ?? connector.scale), low: memory.low } };
  const before = currentTasks.map((task) => task.assignment ?? {});
  return assignPartitions(response.partitions, tasks, before).map((assignment) => ({
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

async function apply(
  pass: Pass,
  planned: readonly PlannedTask[],
  { success, fresh }: { readonly success: ConnectorChange; readonly fresh: boolean },
): Promise<PlanResult> {
  const { state, random } = pass.deps;
  const { name, configVersion, worker } = pass.connector;
  // Drawn from the counter of epochs, so that two coordinators planning at once never share a generation.
  const generation = await pass.nextEpoch();
  for (const [task, spec] of planned.entries()) {
    const next = { generation, seen: pass.tasks.find((t) => t.task === task), token: random.token() };
    if (!(await state.tasks.assign(name, task, { ...spec, fresh }, next))) return 'lost';
  }
  for (const task of pass.tasks.filter((t) => t.task >= planned.length)) await state.tasks.remove(task);
  // Only now: a run of before that was frozen short of its init either finds its task gone when it looks again after
  // it, or has it behind it and is fenced. The other way round it could slip in between.
  const fenced = await fenceLastGeneration(pass, planned.length);
  if (!fenced.ok) return planFailed(pass, fenced, true);
  const saved = await pass.save({
    ...success,
    generation,
    taskCount: planned.length,
    plannedFrom: configVersion,
    plannedBy: worker.version,
  });
  if (!saved) return 'lost';
  pass.tasks = await state.tasks.list(name);
  pass.log.info('tasks planned', { generation, tasks: planned.length });
  return 'ready';
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
