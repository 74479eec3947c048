import { ConnectError, toConnectError } from '../api/errors.ts';
import { resolvePlaceholders } from '../config-providers/placeholders.ts';
import { KnownSecrets } from '../config-providers/secrets.ts';
import { cadence } from '../coordinator/schedule.ts';
import { describeError } from '../errors/describe-error.ts';
import { reserve } from '../foundation/deadline.ts';
import type { ConnectorItem } from '../storage/items/connector-item.ts';
import type { RunItem, RunOutcome } from '../storage/items/runs.ts';
import type { InvocationContext } from './invocation.ts';
import { Lease } from './lease.ts';
import type { RunRequest } from './protocol.ts';
import { noticeInertOverrides } from './override-notice.ts';
import { RunOffsets } from './run-offsets.ts';
import { runSinkTask } from './sink-task-runner.ts';
import { runSourceTask } from './run-source-task.ts';
import type { RunScope } from './task-runner.ts';
import type { WorkerDeps } from './worker-deps.ts';

/** What became of an invocation. `LEFT`: it had nothing to do (a duplicate, late or outdated one). */
export type RunResult =
  | { readonly end: 'LEFT'; readonly why: string }
  | { readonly end: 'RAN'; readonly outcome: RunOutcome };

/**
 * One granted invocation of one task: claim the run, claim the task, move data until caught up, yield or deadline,
 * commit, release. A kill at any await loses nothing (Invariant 6): what is not committed is read again.
 */
export async function runTask(
  request: RunRequest,
  invocation: InvocationContext,
  deps: WorkerDeps,
): Promise<RunResult> {
  const { state, clock, timing } = deps;
  const { connector: name, epoch } = request;
  const [run, connector] = await Promise.all([state.runs.get(name, epoch), state.connectors.get(name)]);
  const why = refusal(run, connector, deps);
  if (why !== undefined || connector === undefined)
    return { end: 'LEFT', why: why ?? 'the connector was deleted' };
  const { requestId, logGroup, logStream } = invocation;
  const lease = await Lease.claim(
    request,
    { requestId, logGroup, logStream },
    clock.now() + invocation.deadline.remaining(),
    deps,
  );
  if (lease === undefined) return { end: 'LEFT', why: 'another invocation has claimed this run' };
  if (invocation.deadline.remaining() < timing.reserveMs * 2) return tooLittleTime(lease, invocation, timing);
  return underLease(lease, connector, invocation, deps);
}

/** Every run of this function would be as short: the task fails and says why, instead of being tried again. */
async function tooLittleTime(
  lease: Lease,
  { deadline }: InvocationContext,
  { reserveMs }: WorkerDeps['timing'],
): Promise<RunResult> {
  const error = `The run has only ${Math.round(deadline.remaining())} ms, of which ${reserveMs} ms are kept back to commit and release: raise the timeout of the connector's function.`;
  const outcome: RunOutcome = { reason: 'ERROR', retriable: false, error };
  await lease.finish(outcome);
  return { end: 'RAN', outcome };
}

function refusal(
  run: RunItem | undefined,
  connector: ConnectorItem | undefined,
  deps: WorkerDeps,
): string | undefined {
  if (run === undefined || connector === undefined) return 'the run or its connector is gone';
  if (run.phase !== 'GRANTED') return `the run is ${run.phase}`;
  if (run.configVersion !== connector.configVersion) return 'the config has changed since the grant';
  if (run.generation !== connector.generation) return 'the tasks have been split anew since the grant';
  if (connector.targetState !== 'RUNNING') return `the connector is to be ${connector.targetState}`;
  deps.log.debug('run accepted', { connector: run.connector, epoch: run.epoch });
  return undefined;
}

async function underLease(
  lease: Lease,
  connector: ConnectorItem,
  invocation: InvocationContext,
  deps: WorkerDeps,
): Promise<RunResult> {
  const { task, epoch } = lease.run;
  const secrets = new KnownSecrets();
  const log = secrets.logger(deps.log.with({ connector: connector.name, task, epoch }));
  // The run's own scope: aborted at the end, so that nothing it started wakes up in a later invocation.
  const scope = new AbortController();
  const signal = AbortSignal.any([scope.signal, lease.signal]);
  lease.startHeartbeat();
  let outcome: RunOutcome;
  try {
    const end = await move(
      lease,
      connector,
      { ...invocation, signal },
      { deps, log, secrets, stop: invocation.signal },
    );
    outcome = { reason: end, retriable: true };
  } catch (thrown) {
    const error = lease.signal.aborted ? toConnectError(lease.signal.reason) : toConnectError(thrown);
    outcome = {
      reason: 'ERROR',
      retriable: error.retriable || error.code === 'FENCED',
      error: secrets.hide(describeError(error)),
    };
    log.warn('run ends with an error', { error: outcome.error, retriable: outcome.retriable });
  } finally {
    scope.abort(new ConnectError('The run is over'));
  }
  await lease.finish(outcome);
  log.info('run ended', { reason: outcome.reason, ...lease.stats });
  return { end: 'RAN', outcome };
}

interface MoveContext {
  readonly deps: WorkerDeps;
  readonly log: RunScope['log'];
  readonly secrets: KnownSecrets;
  readonly stop: AbortSignal;
}

async function move(
  lease: Lease,
  connector: ConnectorItem,
  invocation: InvocationContext,
  { deps, log, secrets, stop }: MoveContext,
): Promise<RunOutcome['reason'] & ('CAUGHT_UP' | 'DEADLINE' | 'YIELD')> {
  const { state, clock, random, timing } = deps;
  // Warm up before the task is taken: a broker or secret that cannot be reached must not stop the predecessor.
  const plugin = deps.registry.connector(connector.config['connector.class'] ?? '');
  const { keys } = plugin.configDef;
  const config = await resolvePlaceholders(connector.config, deps.providers);
  secrets.learn(connector.config, config, keys);
  const kafka = await deps.kafka();
  await kafka.ensureFresh();
  if (!(await lease.takeTask(invocation.signal))) return 'YIELD';
  const task = await state.tasks.get(connector.name, lease.run.task);
  if (task === undefined) return 'YIELD';
  await lease.advance('RUNNING');
  noticeInertOverrides(plugin.kind, connector, { deps, log });
  const taskConfig = await resolvePlaceholders(task.config, deps.providers);
  secrets.learn(task.config, taskConfig, keys);
  const scope: RunScope = {
    deps,
    lease,
    connector,
    task,
    config,
    log,
    taskConfig,
    secrets,
    offsets: new RunOffsets({
      connector: connector.name,
      epoch: lease.run.epoch,
      claimsOnRead: !lease.followsOrderly,
      offsets: state.offsets,
      clock,
      random,
    }),
    draining: cadence(connector.config, deps.cadence).mode === 'drain',
    softDeadline: reserve(invocation.deadline, timing.reserveMs),
    deadline: invocation.deadline,
    sendDeadline: reserve(invocation.deadline, timing.reserveMs / 3),
    signal: invocation.signal,
    stopRequested: () => stop.aborted,
  };
  return plugin.kind === 'source' ? runSourceTask(plugin, scope, kafka) : runSinkTask(plugin, scope, kafka);
}
