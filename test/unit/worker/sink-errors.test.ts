import { describe, expect, it } from 'vitest';
import { DataError, RetriableError } from '../../../lib/api/errors.ts';
import { sinkCluster } from './sink-cluster.ts';
import type { WorkerUnderTest } from './worker-under-test.ts';

const deadLetters = { 'errors.tolerance': 'all', 'errors.deadletterqueue.topic.name': 'dead' };

const committed = async (under: WorkerUnderTest) =>
  (await under.state.offsetPages.list('c')).map(({ offset }) => offset?.['kafka_offset']);
const state = async (under: WorkerUnderTest) => (await under.state.tasks.list('c'))[0];

describe('a record the task reports', () => {
  it('is stored before its offset is, also when the task does not wait for it (Invariant 5)', async () => {
    const order: string[] = [];
    const under = await sinkCluster(
      () => ({
        put: (records, { errantRecordReporter }) => {
          for (const record of records) void errantRecordReporter?.report(record, new DataError('bad'));
        },
        preCommit: (offsets) => {
          order.push(`preCommit, ${under.kafka.records('dead').length} dead letters`);
          return offsets;
        },
      }),
      ['a', 'b'],
      deadLetters,
    );
    await under.minutes(1);
    expect(order).toEqual(['preCommit, 2 dead letters']);
    expect(await committed(under)).toEqual([2]);
  });

  it('fails the task with tolerance none, also when the task swallows the error', async () => {
    const under = await sinkCluster(
      () => ({
        put: async (records, { errantRecordReporter }) => {
          for (const record of records)
            await errantRecordReporter?.report(record, new DataError('bad')).catch(() => 'swallowed');
        },
      }),
      ['a'],
      { 'errors.deadletterqueue.topic.name': 'dead' },
    );
    await under.minutes(2);
    expect(under.records('dead')).toEqual(['a']);
    expect(await committed(under)).toEqual([undefined]);
    expect(await state(under)).toMatchObject({
      state: 'FAILED',
      trace: expect.stringContaining('Tolerance exceeded in error handler'),
    });
  });

  it('because of an outage is delivered again instead of filling the dead-letter topic', async () => {
    let isDown = true;
    const written: string[] = [];
    const under = await sinkCluster(
      () => ({
        put: async (records, { errantRecordReporter }) => {
          for (const record of records) {
            if (isDown) await errantRecordReporter?.report(record, new RetriableError('target down'));
            else written.push(String(record.value));
          }
        },
      }),
      ['a', 'b'],
      deadLetters,
    );
    await under.minutes(2);
    expect(await state(under)).toMatchObject({ state: 'UNASSIGNED', attempts: 1 });
    isDown = false;
    await under.minutes(3);
    expect(written).toEqual(['a', 'b']);
    expect(under.kafka.records('dead')).toEqual([]);
  });
});

describe('an outage in put', () => {
  it('that shows as a plain network error ends the run for a while instead of failing the task', async () => {
    let isDown = true;
    const written: string[] = [];
    const under = await sinkCluster(
      () => ({
        put: (records) => {
          if (isDown) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
          written.push(...records.map(({ value }) => String(value)));
        },
      }),
      ['a'],
    );
    await under.minutes(2);
    expect(await state(under)).toMatchObject({
      state: 'UNASSIGNED',
      trace: expect.stringMatching(/RetriableException: The sink cannot write[\s\S]*connect/),
    });
    isDown = false;
    await under.minutes(3);
    expect(written).toEqual(['a']);
  });
});

describe('the end of a sink run', () => {
  it('closes the partitions before the last offsets are stored, as in Kafka Connect', async () => {
    const order: string[] = [];
    const under = await sinkCluster(
      () => ({
        put: () => undefined,
        preCommit: (offsets) => {
          order.push('preCommit');
          return offsets;
        },
        close: async () => void order.push(`close, committed ${await committed(under)}`),
      }),
      ['a'],
    );
    await under.minutes(1);
    expect(order).toEqual(['preCommit', 'close, committed ']);
    expect(await committed(under)).toEqual([1]);
  });

  it('commits nothing when close fails', async () => {
    const under = await sinkCluster(
      () => ({
        put: () => undefined,
        close: () => {
          throw new Error('upload failed');
        },
      }),
      ['a'],
    );
    await under.minutes(2);
    expect(await committed(under)).toEqual([undefined]);
    expect(await state(under)).toMatchObject({ trace: expect.stringContaining('upload failed') });
  });

  it('says so and tries again later when its last commit fails, where Kafka Connect is silent', async () => {
    let isFull = true;
    const under = await sinkCluster(
      () => ({
        put: () => undefined,
        flush: () => {
          if (isFull) throw new Error('disk full');
        },
      }),
      ['a'],
    );
    await under.minutes(2);
    expect(await state(under)).toMatchObject({
      state: 'UNASSIGNED',
      attempts: 1,
      trace: expect.stringContaining('disk full'),
    });
    isFull = false;
    await under.minutes(3);
    expect(await committed(under)).toEqual([1]);
  });
});

describe('a starting sink task', () => {
  it('has no assignment before its partitions are opened, as in Kafka Connect', async () => {
    const sizes: number[] = [];
    const under = await sinkCluster(
      () => ({
        start: (_, context) => void sizes.push(context.assignment.size),
        open: (_, context) => void sizes.push(context.assignment.size),
        put: () => undefined,
      }),
      ['a'],
    );
    await under.minutes(1);
    expect(sizes).toEqual([0, 1]);
  });
});
