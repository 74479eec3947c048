import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../../lib/api/config.ts';
import type { SinkRecord } from '../../lib/api/record.ts';
import type { SourceConnector, SourceTask } from '../../lib/api/source.ts';
import { MemoryOffsets } from '../../lib/testing/memory-offsets.ts';
import { connectorContext, sinkTaskContext, sourceTaskContext } from '../../lib/testing/task-context.ts';
import { labSink } from './lab-plugins/lab-sink.ts';
import { labSource } from './lab-plugins/lab-source.ts';

async function pollAll(config: ConnectorConfig, offsets = new MemoryOffsets()): Promise<unknown[]> {
  const context = sourceTaskContext({ config: { topic: 't', ...config }, offsets });
  const task: SourceTask = await labSource.task();
  await task.start?.(context.config, context);
  const records: unknown[] = [];
  for (let batch = await task.poll(context); batch !== null; batch = await task.poll(context))
    records.push(...batch.map(({ key, value, sourceOffset }) => [key, value, sourceOffset]));
  return records;
}

async function configsOf(config: ConnectorConfig, max: number): Promise<string[]> {
  const connector: SourceConnector = await labSource.connector();
  await connector.start?.(config, connectorContext());
  return (await connector.taskConfigs(max, connectorContext())).map((each) => each['lab.task.id'] ?? '');
}

describe('the source of the recordings', () => {
  it('emits lab.records records a task, each with its number as offset, and goes on where it was', async () => {
    expect(await pollAll({ 'lab.task.id': '1' })).toEqual([
      ['k1', 'v1', { n: 1 }],
      ['k1', 'v2', { n: 2 }],
      ['k1', 'v3', { n: 3 }],
    ]);
    const offsets = new MemoryOffsets();
    offsets.set({ task: 0 }, { n: 2 });
    expect(await pollAll({ 'lab.records': '4' }, offsets)).toEqual([
      ['k0', 'v3', { n: 3 }],
      ['k0', 'v4', { n: 4 }],
    ]);
  });

  it('has as many tasks as lab.tasks says, or as allowed', async () => {
    expect(await configsOf({}, 3)).toEqual(['0', '1', '2']);
    expect(await configsOf({ 'lab.tasks': '1' }, 3)).toEqual(['0']);
    expect(await configsOf({ 'lab.tasks': '4' }, 3)).toHaveLength(4);
  });

  it('fails where it is told to', async () => {
    await expect(configsOf({ 'lab.fail.connector': 'true' }, 1)).rejects.toThrow('connector told to fail');
    const told = { 'lab.task.id': '1', 'lab.fail.task': '1' };
    await expect(pollAll(told)).rejects.toThrow('task 1 told to fail in start');
    await expect(pollAll({ ...told, 'lab.fail.when': 'poll' })).rejects.toThrow(
      'task 1 told to fail in poll',
    );
    expect(await pollAll({ ...told, 'lab.task.id': '0' })).toHaveLength(3);
  });

  it.each([
    ['true', true],
    ['false', false],
  ])('answers an alteration of offsets with lab.alter=%s', async (alter, expected) => {
    const connector = await labSource.connector();
    expect(connector.alterOffsets({ 'lab.alter': alter })).toBe(expected);
    expect(() => connector.alterOffsets({ 'lab.alter': 'throw' })).toThrow('alter refused');
  });
});

describe('the sink of the recordings', () => {
  it('reports what says put-report and throws on put-fail', async () => {
    const reported: string[] = [];
    const context = sinkTaskContext({
      errantRecordReporter: {
        report: async (_record, error) => void reported.push((error as Error).message),
      },
    });
    const task = await labSink.task();
    const record = (value: string): SinkRecord => ({
      topic: 't',
      value,
      kafkaPartition: 0,
      kafkaOffset: 0n,
      timestampType: 'CreateTime',
      originalTopic: 't',
      originalKafkaPartition: 0,
      originalKafkaOffset: 0n,
    });
    await task.put([record('fine'), record('put-report one')], context);
    expect(reported).toEqual(['reported by task: put-report one']);
    await expect(task.put([record('put-fail now')], context)).rejects.toThrow('put-fail now');
  });
});
