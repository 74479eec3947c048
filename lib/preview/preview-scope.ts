import type { ConnectorConfig } from '../api/config.ts';
import { ConnectError } from '../api/errors.ts';
import { lambdaCadence } from '../coordinator/schedule.ts';
import { silentLogger } from '../foundation/logger.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { type ClusterState, clusterState } from '../storage/items/cluster-state.ts';
import { memoryTable } from '../storage/memory/memory-table.ts';
import { planTasks } from '../worker/plan-task.ts';
import type { PlanResponse } from '../worker/protocol.ts';
import { RunOffsets } from '../worker/run-offsets.ts';
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
  /** As in a run, but over a copy of the committed offsets in memory: claims and commits go nowhere. */
  readonly offsets: RunOffsets;
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
  const owner = { connector: name, epoch: epochs.preview, offsets: state.offsets, clock, random };
  return {
    name,
    config: resolved,
    deps,
    limit,
    secrets,
    wanted: options.records,
    task: options.task,
    committedOffsets,
    offsets: new RunOffsets(owner),
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
  const now = clock.now();
  await state.connectors.create(
    {
      name,
      uid: random.token(),
      type: registry.connector(config['connector.class'] ?? '').kind,
      config: { ...config, name },
      targetState: 'RUNNING',
      worker: { functionName: 'preview', version: 'preview' },
    },
    now,
    random.token(),
  );
  const stored = table === undefined ? [] : await clusterState(readOnlyTable(table)).offsets.list(name);
  let committedOffsets = 0;
  for (const { partition, offset } of stored) {
    if (offset === null) continue;
    const claimed = await state.offsets.claim(name, partition, epochs.committed);
    const commit = { epoch: epochs.committed, now, token: random.token() };
    await state.offsets.commit(name, claimed, offset, commit);
    committedOffsets++;
  }
  return { state, committedOffsets };
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
