import { connectorStatus } from '../../../lib/coordinator/status.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { isLive } from '../../../lib/storage/items/runs.ts';
import { type Fault, type FaultKind, faultSchedule } from './fault-schedule.ts';
import { inject } from './inject.ts';
import type { PartitionFinding, PipelineName } from './pipelines/pipeline.ts';
import { offsetsOf } from './run-watch.ts';
import { type Act, openScene, type Scene } from './scene.ts';
import { heal } from './worker-places.ts';

export interface FaultRunOptions {
  readonly seed: number;
  readonly pipelines: readonly PipelineName[];
  /** Whether another round of faults is to begin; `round` counts from 0. */
  readonly goesOn: (round: number) => boolean;
  readonly say: (line: string) => void;
  /** Ends it early: everything is stopped, and the reason thrown. */
  readonly signal: AbortSignal;
}

export interface FaultReport {
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly findings: ReadonlyMap<PipelineName, readonly PartitionFinding[]>;
  /** In words; empty: every promise was kept. */
  readonly violations: readonly string[];
}

const growMs = 200;
const lookMs = 300;
const progressMs = 15_000;
const firstRecordsMs = 60_000;
const drainMs = 180_000;
const stopMs = 60_000;

/** Load and faults together, then peace; what came out is then compared with what went in. */
export async function runFaults(options: FaultRunOptions): Promise<FaultReport> {
  await using scene = await openScene(options.pipelines);
  const acts = [...scene.acts.values()];
  const faults = new Map<FaultKind, number>();
  const load = background([
    ...acts.map(({ pipeline }) => ({ everyMs: growMs, work: () => pipeline.grow() })),
    ...acts.map(({ watch }) => ({ everyMs: lookMs, work: () => watch.look() })),
    { everyMs: progressMs, work: async () => options.say(await progress(scene, faults)) },
  ]);
  try {
    await Promise.race([load.failed, untilMoving(scene)]);
    await injectAll({ ...options, signal: AbortSignal.any([options.signal, load.signal]) }, scene, faults);
  } finally {
    await load.stop();
  }
  options.signal.throwIfAborted();
  options.say('the faults are over; waiting until all has arrived');
  for (const place of scene.cluster.places.all) heal(place);
  const violations: string[] = [];
  const drained = await within(drainMs, () => isDrained(acts));
  if (!drained) violations.push(`not all has arrived ${drainMs / 1000} s after the last fault`);
  for (const act of acts) violations.push(...(await unhealthy(act, scene)));
  if (violations.length > 0) options.say(lastWords(scene));
  for (const act of acts) await act.herder.setTargetState(act.name, 'STOPPED');
  if (!(await within(stopMs, () => isStill(scene)))) violations.push('the connectors do not come to a stop');
  const findings = new Map<PipelineName, readonly PartitionFinding[]>();
  for (const { name, pipeline, watch } of acts) findings.set(name, await pipeline.check(watch.starts));
  for (const [name, found] of findings) violations.push(...found.flatMap((each) => judged(name, each)));
  return { faults, findings, violations };
}

/** One after the other by the schedule, at once where they last; what hits the same victim waits for its end. */
async function injectAll(
  { seed, pipelines, goesOn, say, signal }: FaultRunOptions,
  scene: Scene,
  counts: Map<FaultKind, number>,
): Promise<void> {
  const busy = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const begin = async (fault: Fault): Promise<void> => {
    try {
      const done = await inject(fault, scene);
      counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
      say(done);
    } catch (error) {
      failure ??= { error };
    }
  };
  const rounds = faultSchedule(seed, pipelines);
  const isOver = (): boolean => failure !== undefined || signal.aborted;
  for (let round = 0; goesOn(round) && !isOver(); round++) {
    for (const fault of rounds.next().value) {
      await pause(fault.waitMs, signal);
      const victim = victimOf(fault);
      await busy.get(victim);
      if (isOver()) break;
      busy.set(victim, begin(fault));
    }
  }
  // Also when it failed: what is under way must not start a server after all have been stopped.
  await Promise.all(busy.values());
  if (failure !== undefined) throw failure.error;
}

function victimOf({ kind, pipeline }: Fault): string {
  if (kind.startsWith('worker')) return pipeline;
  return kind.startsWith('broker') ? 'broker' : 'coordinator';
}

/** Runs each again and again, a while apart. The first error rejects `failed` and `stop`, and aborts `signal`. */
function background(jobs: readonly { everyMs: number; work: () => Promise<void> }[]) {
  const stopping = new AbortController();
  const { signal } = stopping;
  const repeat = async ({ everyMs, work }: { everyMs: number; work: () => Promise<void> }): Promise<void> => {
    try {
      while (!signal.aborted) {
        await work();
        await pause(everyMs, signal);
      }
    } finally {
      stopping.abort();
    }
  };
  const all = Promise.all(jobs.map(repeat));
  return {
    signal,
    failed: all.then(() => new Promise<never>(() => undefined)),
    stop: async (): Promise<void> => {
      stopping.abort();
      await all;
    },
  };
}

/** Shorter when the signal is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await systemClock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function within(limitMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  const limit = deadlineIn(limitMs, systemClock);
  while (!(await holds())) {
    if (limit.expired) return false;
    await systemClock.sleep(1_000);
  }
  return true;
}

async function untilMoving(scene: Scene): Promise<void> {
  const moving = async (): Promise<boolean> => {
    const offsets = await Promise.all(
      [...scene.acts.keys()].map((name) => offsetsOf(scene.cluster.state, name)),
    );
    return offsets.every((committed) => committed.length > 0);
  };
  if (!(await within(firstRecordsMs, moving))) throw new Error(`Nothing moves: ${lastWords(scene)}`);
}

async function isDrained(acts: readonly Act[]): Promise<boolean> {
  for (const { pipeline, watch } of acts) {
    await watch.look();
    const found = await pipeline.check(watch.starts);
    if (found.some(({ lost }) => lost > 0)) return false;
  }
  return true;
}

/** Status never lies, and no fault of the world makes a task fail for good. */
async function unhealthy({ name }: Act, { cluster }: Scene): Promise<string[]> {
  const connector = await cluster.state.connectors.get(name);
  if (connector === undefined) return [`${name}: the connector is gone`];
  const { state, trace, tasks } = await connectorStatus(connector, cluster.state, systemClock.now());
  const failed = tasks.filter((task) => task.state === 'FAILED');
  return [
    ...(state === 'RUNNING' ? [] : [`${name}: the connector is ${state}: ${trace ?? ''}`]),
    ...failed.map((task) => `${name}: task ${task.id} is FAILED: ${task.trace ?? ''}`),
  ];
}

async function isStill({ acts, cluster }: Scene): Promise<boolean> {
  const snapshots = await Promise.all([...acts.keys()].map((name) => cluster.state.snapshot(name)));
  return snapshots.every(({ runs }) => !runs.some(isLive));
}

function judged(name: PipelineName, finding: PartitionFinding): string[] {
  const { partition, generated, lost, disordered, strange, wrong } = finding;
  const say = (text: string): string => `${name}, ${partition}: ${text}`;
  return [
    ...(generated > 0 ? [] : [say('nothing was generated')]),
    ...(lost === 0 ? [] : [say(`${lost} lost`)]),
    ...(disordered === 0 ? [] : [say(`${disordered} out of order`)]),
    ...(strange === 0 ? [] : [say(`${strange} that nobody generated`)]),
    ...(wrong === '' ? [] : [say(wrong)]),
  ];
}

async function progress({ acts, cluster }: Scene, faults: ReadonlyMap<FaultKind, number>): Promise<string> {
  const total = [...faults.values()].reduce((sum, count) => sum + count, 0);
  const parts = await Promise.all(
    [...acts.keys()].map(async (name) => {
      const { tasks, runs } = await cluster.state.snapshot(name);
      const live = runs.filter((run) => isLive(run));
      const records = [...tasks, ...runs.filter((run) => !run.folded)].reduce(
        (sum, { stats }) => sum + stats.records,
        0,
      );
      return `${name} ${records} records in ${runs.length} runs, ${live.length} live`;
    }),
  );
  return `${total} faults so far; ${parts.join('; ')}`;
}

const lastWords = ({ acts, coordinator }: Scene): string =>
  [...[...acts.values()].map(({ worker }) => worker.lambda.output), coordinator.output]
    .map((lines) => lines.slice(-8).join(''))
    .join('');
