import { describe, expect, it } from 'vitest';
import type { SourceTaskContext } from '../../../lib/api/context.ts';
import { connectorStatus } from '../../../lib/coordinator/status.ts';
import { fetchSettings } from '../../../lib/worker/client-settings.ts';
import { countingSource } from './counting-plugins.ts';
import { sinkOf, sourceOf } from './scripted-plugins.ts';
import { WorkerUnderTest } from './worker-under-test.ts';

async function withDivisor(cluster: WorkerUnderTest, batchDivisor: number): Promise<void> {
  const [task] = await cluster.state.tasks.list('c');
  if (task === undefined) throw new Error('no task');
  const { pk, sk } = { pk: 'connector#c', sk: `task#${task.task}` };
  await cluster.table.update({ pk, sk }, { set: { batchDivisor } });
}

describe('a task whose runs were killed', () => {
  it('has a sink take smaller batches', async () => {
    const batches: number[] = [];
    const cluster = new WorkerUnderTest([
      sinkOf(() => ({ put: (records) => void (records.length > 0 && batches.push(records.length)) })),
    ]);
    cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    await cluster.create('c', 'test.Sink', { topics: 't', 'consumer.override.max.poll.records': '8' });
    await cluster.minutes(1);
    await withDivisor(cluster, 4);
    cluster.produce('t', ['a', 'b', 'c', 'd', 'e']);
    await cluster.minutes(1);
    expect(batches).toEqual([2, 2, 1]);
  });

  it('tells a source what part of its usual size a batch may have', async () => {
    const seen: number[] = [];
    const cluster = new WorkerUnderTest([
      sourceOf(() => ({
        poll: (context: SourceTaskContext) => {
          seen.push(context.batchDivisor);
          return [];
        },
      })),
    ]);
    await cluster.create('c', 'test.Source');
    await cluster.minutes(1);
    await withDivisor(cluster, 8);
    await cluster.minutes(1);
    expect(new Set(seen)).toEqual(new Set([1, 8]));
  });

  it('fetches less, never nothing', () => {
    expect(fetchSettings({}, 4)).toMatchObject({ maxBytes: 2 * 1024 * 1024, maxPollRecords: 2_500 });
    expect(
      fetchSettings(
        { 'consumer.override.max.poll.records': '3', 'consumer.override.max.partition.fetch.bytes': '100' },
        1024,
      ),
    ).toMatchObject({ maxPollRecords: 1, maxPartitionBytes: 1 });
    expect(fetchSettings({})).not.toHaveProperty('maxPollRecords');
  });
});

describe('a function whose timeout leaves a run no time', () => {
  it('fails the task with the arithmetic, instead of being invoked again and again', async () => {
    const cluster = new WorkerUnderTest([countingSource], undefined, {}, { timeoutMs: 20_000 });
    await cluster.create('c', 'test.CountingSource', { 'tasks.max': '2' });
    await cluster.minutes(2);
    const connector = await cluster.state.connectors.get('c');
    if (connector === undefined) throw new Error('no connector');
    const { tasks } = await connectorStatus(connector, cluster.state, cluster.clock.now());
    expect(tasks[0]).toMatchObject({
      state: 'FAILED',
      trace:
        "The run has only 20000 ms, of which 15000 ms are kept back to commit and release: raise the timeout of the connector's function.",
    });
    expect((await cluster.state.snapshot('c')).runs.every(({ invokes }) => invokes === 1)).toBe(true);
  });
});
