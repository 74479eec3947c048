import type { ConnectorConfig } from '../api/config.ts';
import type { SourcePlugin } from '../api/connector.ts';
import type { SourceTaskContext } from '../api/context.ts';
import type { SourceRecord } from '../api/record.ts';
import type { SourceTask } from '../api/source.ts';
import type { Clock } from '../foundation/clock.ts';
import { MemoryOffsets } from './memory-offsets.ts';
import { connectorContext, sourceTaskContext } from './task-context.ts';

export interface SourceRunOptions {
  readonly offsets?: MemoryOffsets;
  readonly draining?: boolean;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/** The split of a source: start → taskConfigs → stop on a fresh connector, as a plan does. */
export async function planSource(
  plugin: SourcePlugin,
  config: ConnectorConfig,
  maxTasks = 1,
): Promise<ConnectorConfig[]> {
  const connector = await plugin.connector();
  const context = connectorContext();
  try {
    await connector.start?.(config, context);
    return await connector.taskConfigs(maxTasks, context);
  } finally {
    await connector.stop?.();
  }
}

/** One run of a source task, advanced poll by poll. */
export class SourceRun {
  readonly task: SourceTask;
  readonly context: SourceTaskContext;
  readonly offsets: MemoryOffsets;

  private constructor(task: SourceTask, context: SourceTaskContext, offsets: MemoryOffsets) {
    this.task = task;
    this.context = context;
    this.offsets = offsets;
  }

  static async start(
    plugin: SourcePlugin,
    config: ConnectorConfig,
    options: SourceRunOptions = {},
  ): Promise<SourceRun> {
    const offsets = options.offsets ?? new MemoryOffsets();
    const context = sourceTaskContext({ ...options, config, offsets });
    const task = await plugin.task();
    const run = new SourceRun(task, context, offsets);
    try {
      await task.start?.(config, context);
    } catch (error) {
      await run.stop();
      throw error;
    }
    return run;
  }

  async poll(): Promise<readonly SourceRecord[]> {
    return (await this.task.poll(this.context)) ?? [];
  }

  /** Polls until a poll is empty, which while draining means caught up. */
  async drain(): Promise<SourceRecord[]> {
    const polled: (readonly SourceRecord[])[] = [];
    for (;;) {
      const records = await this.poll();
      if (records.length === 0) return polled.flat();
      polled.push(records);
    }
  }

  /** Polls until that many records have come. Only for a source that is known to have them. */
  async pollUntil(count: number): Promise<SourceRecord[]> {
    const all: SourceRecord[] = [];
    while (all.length < count) all.push(...(await this.poll()));
    return all;
  }

  async stop(): Promise<void> {
    await this.task.stop?.();
  }
}

/** Plans, then drains every task: what one scheduled round of the whole connector reads. */
export async function drainSource(
  plugin: SourcePlugin,
  config: ConnectorConfig,
  options: SourceRunOptions & { maxTasks?: number } = {},
): Promise<SourceRecord[]> {
  const drained: SourceRecord[][] = [];
  for (const taskConfig of await planSource(plugin, config, options.maxTasks)) {
    const run = await SourceRun.start(plugin, taskConfig, options);
    try {
      drained.push(await run.drain());
    } finally {
      await run.stop();
    }
  }
  return drained.flat();
}
