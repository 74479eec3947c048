import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../../../../lib/api/config.ts';
import type { SourceTaskContext } from '../../../../lib/api/context.ts';
import type { SourceRecord } from '../../../../lib/api/record.ts';
import type { TransformationPlugin } from '../../../../lib/api/transform.ts';
import { dropping, withTransform } from '../scripted-plugins.ts';
import { ExactlyOnceCluster } from './exactly-once-cluster.ts';
import { type Growing, growingSource, numbers } from './growing-source.ts';

async function clusterOf(
  growing: Growing,
  config: ConnectorConfig = {},
  plugins: readonly TransformationPlugin[] = [],
): Promise<ExactlyOnceCluster> {
  const cluster = new ExactlyOnceCluster([growingSource(growing), ...plugins]);
  await cluster.create('grow', 'test.Growing', config);
  return cluster;
}

/** The next tick takes in how the run ended. */
async function statusOf(cluster: ExactlyOnceCluster) {
  await cluster.minutes(1);
  return (await cluster.state.tasks.list('grow'))[0];
}

/** Values of a topic, transaction by transaction: the markers take an offset each. */
function transactions(cluster: ExactlyOnceCluster, topic: string): string[] {
  const groups: string[] = [];
  let last = -2n;
  for (const { offset, value } of cluster.kafka.records(topic)) {
    const text = Buffer.from(value ?? []).toString();
    if (offset === last + 1n) groups.push(`${groups.pop()} ${text}`);
    else groups.push(text);
    last = offset;
  }
  return groups;
}

const atPoll =
  (act: (batch: readonly SourceRecord[], context: SourceTaskContext, poll: number) => void) =>
  (growing: Growing): Growing => {
    let poll = 0;
    return { ...growing, onPoll: (batch, context) => act(batch, context, ++poll) };
  };

describe('transaction.boundary', () => {
  it('poll: a transaction a batch, the offset with it, commitRecord after it', async () => {
    const told: string[] = [];
    const cluster: ExactlyOnceCluster = await clusterOf({
      end: 6,
      hooks: {
        commitRecord: (value, offset) =>
          told.push(`${value}@${offset} of ${cluster.records('numbers').length}`),
      },
    });
    await cluster.minutes(1);
    expect(transactions(cluster, 'numbers')).toEqual(['0 1 2', '3 4 5']);
    expect(transactions(cluster, 'lab-offsets')).toEqual(['{"next":3}', '{"next":6}']);
    expect(told).toEqual(['0@0 of 3', '1@1 of 3', '2@2 of 3', '3@4 of 6', '4@5 of 6', '5@6 of 6']);
  });

  it('interval: what came in that time, and the rest at the end', async () => {
    const cluster = await clusterOf(
      { end: 30, pollMs: 1_000 },
      { 'transaction.boundary': 'INTERVAL', 'transaction.boundary.interval.ms': '4000' },
    );
    await cluster.minutes(1);
    expect(cluster.records('numbers')).toEqual(numbers(30));
    const sizes = transactions(cluster, 'numbers').map((values) => values.split(' ').length);
    expect(sizes).toEqual([12, 12, 6]);
    expect(transactions(cluster, 'lab-offsets')).toEqual(['{"next":12}', '{"next":24}', '{"next":30}']);
  });

  it('interval: commits when it is time even if the source has nothing more to say', async () => {
    const growing = { end: 3, pollMs: 1_000 };
    const cluster = new ExactlyOnceCluster([growingSource(growing)], {
      mode: 'continuous',
      rediscoveryMs: 3_600_000,
    });
    await cluster.create('grow', 'test.Growing', {
      'transaction.boundary': 'interval',
      'transaction.boundary.interval.ms': '10000',
    });
    await cluster.minutes(1);
    expect(cluster.records('numbers')).toEqual(numbers(3));
  });

  const byConnector = { 'transaction.boundary': 'connector' };

  it('connector: batches as the source asks', async () => {
    const asking = atPoll((_batch, { transactions: context }, poll) => {
      if (poll % 2 === 0) context?.commitTransaction();
    });
    const cluster = await clusterOf(asking({ end: 12 }), byConnector);
    await cluster.minutes(1);
    expect(transactions(cluster, 'numbers')).toEqual(['0 1 2 3 4 5', '6 7 8 9 10 11']);
    expect(transactions(cluster, 'lab-offsets')).toEqual(['{"next":6}', '{"next":12}']);
  });

  it('connector: nothing it has not asked for is committed at the end', async () => {
    const asking = atPoll((_batch, { transactions: context }, poll) => {
      if (poll === 1) context?.commitTransaction();
    });
    const cluster = await clusterOf(asking({ end: 9 }), byConnector);
    await cluster.minutes(1);
    expect(transactions(cluster, 'numbers')).toEqual(['0 1 2']);
    expect(transactions(cluster, 'lab-offsets')).toEqual(['{"next":3}']);
    const [item] = await cluster.table.query('offsets#grow');
    expect(item).toMatchObject({ clean: true, offset: '{"next":3}' });
  });

  it('connector: a request for a record ends the transaction with that record', async () => {
    const asking = atPoll((batch, { transactions: context }) => {
      const second = batch[1];
      if (second !== undefined) context?.commitTransaction(second);
      context?.commitTransaction();
    });
    const cluster = await clusterOf(asking({ end: 6 }), byConnector);
    await cluster.minutes(1);
    expect(transactions(cluster, 'numbers')).toEqual(['0 1', '2', '3 4', '5']);
    expect(transactions(cluster, 'lab-offsets')).toEqual([
      '{"next":2}',
      '{"next":3}',
      '{"next":5}',
      '{"next":6}',
    ]);
  });

  it('connector: an abort drops the records, but commits their offsets in a transaction of their own', async () => {
    const asking = atPoll((batch, { transactions: context }, poll) => {
      if (poll === 2) context?.abortTransaction();
      else if (poll === 3 && batch[0] !== undefined) context?.abortTransaction(batch[0]);
      if (poll !== 2) context?.commitTransaction();
    });
    const cluster = await clusterOf(asking({ end: 9 }), byConnector);
    await cluster.minutes(1);
    expect(transactions(cluster, 'numbers')).toEqual(['0 1 2', '7 8']);
    expect(transactions(cluster, 'lab-offsets')).toEqual([
      '{"next":3}',
      '{"next":6}',
      '{"next":7}',
      '{"next":9}',
    ]);
    expect((await cluster.table.query('offsets#grow'))[0]).toMatchObject({ offset: '{"next":9}' });
  });

  it('connector: both a commit and an abort of the same transaction fail the task', async () => {
    const asking = atPoll((_batch, { transactions: context }) => {
      context?.commitTransaction();
      context?.abortTransaction();
    });
    const cluster = await clusterOf(asking({ end: 3 }), byConnector);
    await cluster.minutes(1);
    expect(await statusOf(cluster)).toMatchObject({
      state: 'FAILED',
      trace: expect.stringContaining('Connector requested both commit and abort of same transaction'),
    });
  });

  it('is not for the source to say unless it is `connector`', async () => {
    const seen: unknown[] = [];
    const cluster = await clusterOf(
      atPoll((_b, context) => void seen.push(context.transactions))({ end: 1 }),
    );
    await cluster.minutes(1);
    expect(seen).toEqual([undefined]);
  });
});

describe('a failure in an exactly-once run', () => {
  it('of a record in the middle of a batch commits nothing of it', async () => {
    const cluster = await clusterOf({ end: 6 }, withTransform, [dropping]);
    const poisoned = await clusterOf(
      {
        end: 6,
        onPoll: (batch) => {
          for (const record of batch) if (record.value === '4') Object.assign(record, { value: 'poison' });
        },
      },
      withTransform,
      [dropping],
    );
    await cluster.minutes(1);
    await poisoned.minutes(1);
    expect(cluster.records('numbers')).toEqual(numbers(6));
    expect(poisoned.records('numbers')).toEqual(numbers(3));
    expect(await statusOf(poisoned)).toMatchObject({ state: 'FAILED' });
    expect((await poisoned.table.query('offsets#grow'))[0]).toMatchObject({
      clean: false,
      offset: '{"next":3}',
    });
  });

  it('by a record Kafka refuses is not tolerated', async () => {
    const cluster = await clusterOf(
      { end: 6 },
      { 'errors.tolerance': 'all', 'producer.override.max.request.size': '80' },
    );
    await cluster.minutes(1);
    expect(cluster.records('numbers')).toEqual([]);
    expect(await statusOf(cluster)).toMatchObject({
      state: 'FAILED',
      trace: expect.stringMatching(/Failed to flush offsets and\/or records for task grow-0/),
    });
  });

  it('by a record that cannot be converted is tolerated as ever; its offset waits for the next', async () => {
    const cluster = await clusterOf(
      {
        end: 6,
        onPoll: (batch) => {
          for (const record of batch) if (record.value === '5') Object.assign(record, { value: 'poison' });
        },
      },
      { 'errors.tolerance': 'all', ...withTransform },
      [dropping],
    );
    await cluster.minutes(1);
    expect(cluster.records('numbers')).toEqual(numbers(5));
    expect(transactions(cluster, 'lab-offsets').at(-1)).toBe('{"next":5}');
  });

  it('comes of a source that produces to its own offsets topic', async () => {
    const cluster = await clusterOf({ end: 6 }, { 'offsets.storage.topic': 'numbers' });
    await cluster.minutes(1);
    expect(cluster.records('numbers')).toEqual([]);
    expect(await statusOf(cluster)).toMatchObject({
      state: 'FAILED',
      trace: expect.stringContaining('Source tasks may not produce to their own offsets topics'),
    });
  });
});

describe('the offsets topic', () => {
  it('is created compacted, with the settings of the worker', async () => {
    const cluster = await clusterOf({ end: 1 });
    await cluster.minutes(1);
    const topic = cluster.kafka.topics.get('lab-offsets');
    expect(topic?.partitions).toHaveLength(3);
    expect(topic?.configs).toEqual({ 'cleanup.policy': 'compact' });
  });

  it('of a connector takes the place of the worker’s', async () => {
    const cluster = await clusterOf({ end: 3 }, { 'offsets.storage.topic': 'own' });
    await cluster.minutes(1);
    expect(cluster.offsetRecords('own')).toEqual(['grow{"p":"a"}={"next":3}']);
    expect(cluster.kafka.topics.has('lab-offsets')).toBe(false);
  });
});
