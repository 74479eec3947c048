import type { RunItem } from '../storage/items/runs.ts';
import { isLive } from '../storage/items/runs.ts';
import { isHeldByBudget } from './circuit.ts';
import { foldFinishedRuns } from './finished-runs.ts';
import { endRestartedRuns, grantRuns } from './grants.ts';
import { observe } from './liveness.ts';
import { type CoordinatorDeps, Pass } from './pass.ts';
import { plan } from './plan.ts';
import { restUntil } from './rest.ts';
import { cadence, isDue, nextDue } from './schedule.ts';
import { settle } from './target-state.ts';

/** What a pass came to. `lost`: somebody changed the connector meanwhile, so that it must be looked at again. */
type PassEnd = 'saved' | 'gone' | 'lost';

/** Looks in one tick, when wishes keep coming in; the next tick comes anyway. */
const mostPasses = 3;

/**
 * Brings one connector a step closer to what is wanted. Level-triggered, idempotent, and safe to cut after any
 * write or to run twice at once: every write is conditional on what it was decided on.
 */
export async function reconcile(name: string, deps: CoordinatorDeps): Promise<void> {
  const { state, random, clock, timing } = deps;
  const token = random.token();
  let connector = await state.connectors.lock(name, token, clock.now(), timing.lockMs);
  if (connector === undefined) return;
  let end: PassEnd = 'lost';
  try {
    for (let passes = 0; passes < mostPasses && end === 'lost'; passes++) {
      if (passes > 0) connector = await state.connectors.get(name);
      if (connector === undefined) return;
      end = await onePass(new Pass(deps, connector, await state.snapshot(name, connector.runsFrom)));
    }
  } finally {
    if (end !== 'saved') await state.connectors.unlock(name, token);
  }
}

async function onePass(pass: Pass): Promise<PassEnd> {
  await findOwners(pass);
  await declareDeadRuns(pass);
  await foldFinishedRuns(pass);
  if (pass.connector.targetState === 'RUNNING') {
    if (!(await keepRunning(pass))) return 'lost';
  } else if (await settle(pass)) {
    return 'gone';
  }
  const bookkeeping = {
    ...pass.change,
    ...(pass.spending.changed ? { budget: { ...pass.spending.use } } : {}),
    runsFrom: firstOfInterest(pass),
    restUntil: restUntil(pass),
    lastTick: pass.now,
  };
  return (await pass.save(bookkeeping, { unlock: true })) ? 'saved' : 'lost';
}

/** Runs before it are over and folded. Another coordinator's grants since this pass began are not. */
function firstOfInterest(pass: Pass): number {
  const open = pass.runs.filter((run) => isLive(run) || !run.folded).map((run) => run.epoch);
  return Math.min(pass.epochAtStart + 1, ...open);
}

/**
 * A task may be owned by a run that was not read with the others: a coordinator that was frozen between drawing its
 * epoch and granting it. It is watched like every other, or its successors would wait for it for ever.
 */
async function findOwners(pass: Pass): Promise<void> {
  for (const { owner, released, connector } of pass.currentTasks) {
    if (released || owner === 0 || pass.runs.some((run) => run.epoch === owner)) continue;
    const run: RunItem | undefined = await pass.deps.state.runs.get(connector, owner);
    if (run !== undefined && (isLive(run) || !run.folded)) pass.runs = [run, ...pass.runs];
  }
}

async function declareDeadRuns(pass: Pass): Promise<void> {
  const { seen: before, lastTick } = pass.connector;
  const { seen, dead } = observe(pass.runs, before, { now: pass.now, lastTick }, pass.deps.timing);
  for (const { run, outcome } of dead) await pass.declareDead(run, outcome);
  pass.change = { ...pass.change, seen };
}

/** False: another coordinator changed the connector meanwhile, and this pass must write nothing more. */
async function keepRunning(pass: Pass): Promise<boolean> {
  const { mode, everyMs } = cadence(pass.connector.config, pass.deps.cadence);
  if (await isHeldByBudget(pass, everyMs)) return true;
  const due = isDue(pass.connector.nextDueAt, pass.now, everyMs);
  await endRestartedRuns(pass);
  const planned = await plan(pass, { due, mode });
  if (planned === 'lost') return false;
  if (planned === 'wait') return true;
  if (pass.stateNow === 'PAUSED' || pass.stateNow === 'STOPPED' || pass.stateNow === 'UNASSIGNED') {
    // A trace of a time before, such as that of an open circuit, is over with it.
    pass.change = { trace: null, ...pass.change, state: 'RUNNING' };
  }
  await grantRuns(pass, mode, due);
  const inStep = Math.min(pass.connector.nextDueAt, pass.now);
  if (due) pass.change = { ...pass.change, nextDueAt: nextDue(inStep, pass.now, everyMs) };
  return true;
}
