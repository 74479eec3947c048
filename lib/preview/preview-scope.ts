import type { ConnectorConfig } from '../api/config.ts';
import { ConnectError } from '../api/errors.ts';
import { lambdaCadence } from '../coordinator/schedule.ts';
import { silentLogger } from '../foundation/logger.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { type ClusterState, clusterState, storedPositions } from '../storage/items/cluster-state.ts';
import { sinkPosition } from '../storage/items/offset-page.ts';
import { memoryTable } from '../storage/memory/memory-table.ts';
import { planTasks } from '../worker/plan-task.ts';
import type { PlanResponse } from '../worker/protocol.ts';
import { RunOffsets } from '../worker/run-offsets.ts';
import { RunPages } from '../worker/run-pages.ts';
import { lambdaWorkerTiming, type WorkerDeps } from '../worker/worker-deps.ts';
import type { CompleteOptions } from './preview.ts';
import { readOnlyKafka, readOnlyTable } from './read-only.ts';
import type { Secrets } from './secrets.ts';
import { TimeLimit } from './time-limit.ts';
import type { TracedPipelineOptions } from './traced-pipelines.ts';

/** What the preview of a source and that of a sink share. */
export interface PreviewScope extends AsyncDisposable {
  readonly name: string;
  /** Secrets resolved. */
  readonly config: ConnectorConfig;
  readonly deps: WorkerDeps;
  readonly limit: TimeLimit;
  readonly secrets: Secrets;
  /** How many records to show. */
  readonly wanted: number;
  readonly task: number;
  readonly committedOffsets: number;
  /** As in a run, but over a copy of the committed offsets in memory: claims and commits go nowhere. Of a source. */
  readonly offsets: RunOffsets;
  /** The same of a sink. */
  readonly pages: RunPages;
  readonly pipeline: TracedPipelineOptions;
  plan(): Promise<PlanResponse & { ok: true }>;
}

const epochs = { committed: 0, preview: 1 } as const;

export interface ResolvedConfig {
  readonly registry: PluginRegistry;
  readonly resolved: ConnectorConfig;
  readonly secrets: Secrets;
}

export async function openScope(
  options: CompleteOptions,
  { registry, resolved, secrets }: ResolvedConfig,
): Promise<PreviewScope> {
  const { name, clock, random, log, workerConfig } = options;
  const limit = new TimeLimit(options.timeLimitMs, clock, options.signal);
  const { state, committedOffsets } = await copyState(options, registry);
  const kafka = options.kafka && readOnlyKafka(options.kafka);
  const deps: WorkerDeps = {
    state,
    kafka: async () => kafka ?? noKafka(),
    registry,
    providers: options.providers,
    workerConfig,
    cadence: lambdaCadence,
    timing: lambdaWorkerTiming,
    clock,
    random,
    log,
  };
  const owner = { connector: name, epoch: epochs.preview, clock, random };
  return {
    name,
    config: resolved,
    deps,
    limit,
    secrets,
    wanted: options.records,
    task: options.task,
    committedOffsets,
    offsets: new RunOffsets({ ...owner, claimsOnRead: false, offsets: state.offsets }),
    pages: new RunPages({ ...owner, pages: state.offsetPages }),
    pipeline: {
      // Shows the first failure instead of waiting whether it passes.
      config: { ...resolved, 'errors.retry.timeout': '0' },
      workerConfig,
      registry,
      clock,
      random,
      log: silentLogger,
    },
    plan: () => planned(name, deps, limit),
    [Symbol.asyncDispose]: () => limit[Symbol.asyncDispose](),
  };
}

/** The connector and its committed offsets in a table of the preview's own: there a plan and a run find what they need. */
async function copyState(
  { name, config, table, clock, random }: CompleteOptions,
  registry: PluginRegistry,
): Promise<{ state: ClusterState; committedOffsets: number }> {
  const state = clusterState(memoryTable());
  const { kind: type } = registry.connector(config['connector.class'] ?? '');
  await state.connectors.create(
    {
      name,
      uid: random.token(),
      type,
      config: { ...config, name },
      targetState: 'RUNNING',
      worker: { functionName: 'preview', version: 'preview' },
    },
    clock.now(),
    random.token(),
  );
  const item = { name, type };
  const stored = table === undefined ? [] : await storedPositions(clusterState(readOnlyTable(table)), item);
  const committed = stored.filter(({ offset }) => offset !== null);
  const owner = { connector: name, epoch: epochs.committed, clock, random };
  if (type === 'sink') {
    const pages = new RunPages({ ...owner, pages: state.offsetPages });
    const offsets = new Map(committed.map(sinkPosition));
    await pages.claim([...offsets.keys()]);
    await pages.commit(offsets);
  } else {
    const offsets = committed.flatMap(({ partition, offset }) =>
      offset === null ? [] : { partition, offset },
    );
    await new RunOffsets({ ...owner, claimsOnRead: false, offsets: state.offsets }).commit(offsets);
  }
  return { state, committedOffsets: committed.length };
}

async function planned(
  name: string,
  deps: WorkerDeps,
  limit: TimeLimit,
): Promise<PlanResponse & { ok: true }> {
  const connector = await deps.state.connectors.get(name);
  const invocation = {
    requestId: 'preview',
    logGroup: 'preview',
    logStream: 'preview',
    deadline: limit.deadline,
    signal: limit.signal,
  };
  const request = { op: 'plan', connector: name, configVersion: connector?.configVersion ?? 0 } as const;
  const answer = await limit.within(planTasks(request, invocation, deps));
  if (answer === undefined)
    throw new ConnectError(`The connector did not say within ${limit.seconds} s how its work is split`, {
      hint: 'Check that its system can be reached, or allow more time.',
    });
  if (!answer.ok) throw new ConnectError(answer.trace);
  return answer;
}

function noKafka(): KafkaClient {
  throw new ConnectError('Bug: the preview of a source asked for Kafka');
}
