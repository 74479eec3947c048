import type { SourcePlugin } from '../api/connector.ts';
import type { SourceTaskContext } from '../api/context.ts';
import { ConfigError, ConnectError, RetriableError } from '../api/errors.ts';
import type { SourceRecord } from '../api/record.ts';
import type { SourceTask } from '../api/source.ts';
import { resolvePlaceholders } from '../config-providers/placeholders.ts';
import { cadence } from '../coordinator/schedule.ts';
import type { PreviewedRecords, PreviewEnd } from './preview.ts';
import type { PreviewScope } from './preview-scope.ts';
import { type RecordPreview, recordPreview } from './record-preview.ts';
import { TracedSourcePipeline } from './traced-pipelines.ts';

/** As in a drain: two empty polls in a row mean that there is nothing more. */
const emptyPollsToCatchUp = 2;
const idleMs = 100;
/** A poll that fails with a RetriableError is tried again so often. */
const mostFailedPolls = 3;

/** Polls a real task for records and follows each through the chain. Never confirms a record. */
export async function previewSource(plugin: SourcePlugin, scope: PreviewScope): Promise<PreviewedRecords> {
  const plan = await scope.plan();
  if (plan.type !== 'source') throw new ConnectError('Bug: a source was planned as a sink');
  const { tasks } = plan;
  if (tasks.length === 0) return { records: [], end: 'CAUGHT_UP', tasks: 0 };
  const taskConfig = tasks[scope.task];
  if (taskConfig === undefined) {
    throw new ConfigError(`${scope.name} has no task ${scope.task}: it is split into ${tasks.length}`, {
      hint: `Choose a task from 0 to ${tasks.length - 1}.`,
    });
  }
  const config = await resolvePlaceholders(taskConfig, scope.deps.providers);
  const pipeline = new TracedSourcePipeline(scope.pipeline);
  const task = await plugin.task();
  const context = contextOf(scope, config);
  try {
    await started(task, context, scope);
    const { records, end } = await polled(task, context, scope);
    const previews: RecordPreview[] = [];
    for (const record of records) previews.push(await follow(record, pipeline, scope));
    return { records: previews, end, tasks: tasks.length };
  } finally {
    pipeline.close();
    await stopped(task, scope);
  }
}

function contextOf(scope: PreviewScope, config: SourceTaskContext['config']): SourceTaskContext {
  const { name, deps, limit, offsets, task } = scope;
  return {
    config,
    signal: limit.signal,
    deadline: limit.deadline,
    log: deps.log,
    clock: deps.clock,
    connector: name,
    task,
    offsets,
    draining: cadence(scope.config, deps.cadence).mode === 'drain',
    batchDivisor: 1,
  };
}

async function started(task: SourceTask, context: SourceTaskContext, { limit }: PreviewScope): Promise<void> {
  const start = async (): Promise<true> => {
    await task.start?.(context.config, context);
    return true;
  };
  if ((await limit.within(start())) === undefined && limit.end === 'TIME_LIMIT') {
    throw new ConnectError(`The task did not start within ${limit.seconds} s`, {
      hint: 'Check that its system can be reached, or allow more time.',
    });
  }
}

async function polled(
  task: SourceTask,
  context: SourceTaskContext,
  { wanted, limit, deps, secrets }: PreviewScope,
): Promise<{ records: SourceRecord[]; end: PreviewEnd }> {
  const records: SourceRecord[] = [];
  let empty = 0;
  let failed = 0;
  const poll = async (): Promise<readonly SourceRecord[]> => {
    try {
      return (await task.poll(context)) ?? [];
    } catch (error) {
      failed++;
      if (!(error instanceof RetriableError) || failed >= mostFailedPolls) throw error;
      deps.log.warn('poll failed, to be tried again', {
        attempt: failed,
        error: secrets.hideInText(error.message),
      });
      empty = -1;
      return [];
    }
  };
  while (records.length < wanted) {
    if (limit.end !== undefined) return { records, end: limit.end };
    const batch = await limit.within(poll());
    if (batch === undefined) return { records, end: limit.end ?? 'STOPPED' };
    records.push(...batch.slice(0, wanted - records.length));
    empty = batch.length > 0 ? 0 : empty + 1;
    if (context.draining && empty >= emptyPollsToCatchUp) return { records, end: 'CAUGHT_UP' };
    if (batch.length === 0) await limit.within(deps.clock.sleep(idleMs, limit.signal));
  }
  return { records, end: 'ENOUGH' };
}

async function follow(
  record: SourceRecord,
  pipeline: TracedSourcePipeline,
  { secrets }: PreviewScope,
): Promise<RecordPreview> {
  const journey = await pipeline.follow(record);
  const { sourcePartition: partition, sourceOffset: offset } = record;
  return recordPreview(
    {
      origin: { partition, offset },
      journey,
      before: record,
      ...(journey.end.outcome === 'passed' && { kafka: journey.end.result }),
    },
    secrets,
  );
}

/** A task that hangs must not keep the preview from ending. */
async function stopped(task: SourceTask, { deps, limit, secrets }: PreviewScope): Promise<void> {
  const stop = async (): Promise<void> => task.stop?.();
  const late = new AbortController();
  try {
    await Promise.race([stop(), deps.clock.sleep(limit.seconds * 1000, late.signal)]);
  } catch (error) {
    deps.log.warn('stop failed', { error: secrets.hideInText(String(error)) });
  } finally {
    late.abort();
  }
}
