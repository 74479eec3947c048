import { describe, expect, it } from 'vitest';
import { DataError, RetriableError } from '../../../lib/api/errors.ts';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { dropping, emitting, sinkOf, sourceOf, withTransform } from './scripted-plugins.ts';
import { sinkCluster } from './sink-cluster.ts';
import { sendingBy, WorkerUnderTest } from './worker-under-test.ts';

describe('a source run', () => {
  it('stores an offset only after Kafka has acknowledged every record up to it (Invariant 1)', async () => {
    const cluster = new WorkerUnderTest([emitting(['a', 'b', 'c'])]);
    await cluster.create('c', 'test.Source');
    cluster.mortality = sendingBy(() => () => Promise.reject(new RetriableError('broker down')));
    await cluster.minutes(1);
    expect((await cluster.state.offsets.list('c')).map(({ offset }) => offset)).toEqual([null]);
    expect((await cluster.state.snapshot('c')).runs[0]).toMatchObject({
      phase: 'FAILED',
      outcome: { retriable: true },
    });
    await cluster.minutes(4);
    expect(cluster.records('t')).toEqual(['a', 'b', 'c']);
    expect((await cluster.state.offsets.list('c')).map(({ offset }) => offset)).toEqual([{ n: 3 }]);
  });

  it('tells the task of each record: its place in Kafka, or null for a dropped one, whose offset is not stored', async () => {
    const told: string[] = [];
    const cluster = new WorkerUnderTest([
      emitting(['a', 'b', 'c', 'drop'], {
        commitRecord: (record, metadata) =>
          void told.push(`${String(record.value)} ${metadata?.offset ?? null}`),
      }),
      dropping,
    ]);
    await cluster.create('c', 'test.Source', withTransform);
    await cluster.minutes(1);
    // Told of at once, as in Kafka Connect: the others of its batch are still on their way.
    expect(told).toEqual(['a 0', 'b 1', 'drop null', 'c 2']);
    expect((await cluster.state.offsets.list('c')).map(({ offset }) => offset)).toEqual([{ n: 3 }]);
  });

  it('fails its task at a record that cannot be converted, and keeps what came before it', async () => {
    const cluster = new WorkerUnderTest([emitting(['a', 'b', 'poison', 'c']), dropping]);
    await cluster.create('c', 'test.Source', withTransform);
    await cluster.minutes(3);
    expect(cluster.records('t')).toEqual(['a', 'b']);
    const [task] = await cluster.state.tasks.list('c');
    expect(task).toMatchObject({
      state: 'FAILED',
      trace: expect.stringMatching(/Tolerance exceeded[\s\S]*errors\.tolerance=all[\s\S]*poisonous/),
    });
  });

  it('skips it with errors.tolerance=all', async () => {
    const cluster = new WorkerUnderTest([emitting(['a', 'poison', 'b']), dropping]);
    await cluster.create('c', 'test.Source', { ...withTransform, 'errors.tolerance': 'all' });
    await cluster.minutes(1);
    expect(cluster.records('t')).toEqual(['a', 'b']);
  });

  it('ends after a few failing polls instead of being billed for waiting, and backs off', async () => {
    let polls = 0;
    const cluster = new WorkerUnderTest([
      emitting([], {
        poll: () => {
          polls++;
          throw new RetriableError('database down');
        },
      }),
    ]);
    await cluster.create('c', 'test.Source');
    await cluster.minutes(2);
    expect(polls).toBe(5);
    expect((await cluster.state.tasks.list('c'))[0]).toMatchObject({
      attempts: 1,
      trace: expect.stringContaining('database down'),
    });
  });

  it('stops its task also when starting it failed', async () => {
    const calls: string[] = [];
    const cluster = new WorkerUnderTest([
      sourceOf(() => ({
        start: () => {
          throw new DataError('no such table');
        },
        poll: () => null,
        stop: () => void calls.push('stop'),
      })),
    ]);
    await cluster.create('c', 'test.Source');
    await cluster.minutes(2);
    expect(calls).toEqual(['stop']);
    expect((await cluster.state.tasks.list('c'))[0]?.state).toBe('FAILED');
  });

  it('ends in order at its deadline, with what is on its way still arriving (Invariant 6)', async () => {
    let emitted = 0;
    const cluster = new WorkerUnderTest([
      emitting([], {
        poll: async ({ clock, signal }) => {
          await clock.sleep(1_000, signal);
          return [
            {
              sourcePartition: { p: 'a' },
              sourceOffset: { n: ++emitted },
              topic: 't',
              value: String(emitted),
            },
          ];
        },
      }),
    ]);
    await cluster.create('c', 'test.Source');
    cluster.mortality = sendingBy((send) => async (records, call) => {
      await cluster.clock.sleep(3_000);
      if (call.deadline.expired) throw new RetriableError('Kafka did not answer before the deadline');
      return send(records, call);
    });
    await cluster.minutes(16);
    const [run] = (await cluster.state.snapshot('c')).runs;
    expect(run).toMatchObject({ phase: 'DONE', outcome: { reason: 'DEADLINE' } });
  });

  it('cannot commit once a later run has claimed its offsets (Invariants 3 and 4)', async () => {
    const cluster = new WorkerUnderTest([emitting(['a', 'b'])]);
    await cluster.create('c', 'test.Source');
    const stored = await cluster.state.offsets.claim('c', { p: 'a' }, 5);
    await cluster.state.offsets.claim('c', { p: 'a' }, 6);
    await expect(
      cluster.state.offsets.commit('c', stored, { n: 9 }, { epoch: 5, now: 0, token: 't' }),
    ).rejects.toMatchObject({ code: 'FENCED' });
    await expect(cluster.state.offsets.claim('c', { p: 'a' }, 5)).rejects.toMatchObject({ code: 'FENCED' });
  });
});

describe('a sink run', () => {
  const committed = async (under: WorkerUnderTest) =>
    (await under.state.offsetPages.list('c')).map(({ offset }) => offset?.['kafka_offset']);

  it('delivers the same batch again after a RetriableError', async () => {
    const puts: string[][] = [];
    const under = await sinkCluster(
      () => ({
        put: (records) => {
          puts.push(records.map(({ value }) => String(value)));
          if (puts.length < 3) throw new RetriableError('busy');
        },
      }),
      ['a', 'b'],
    );
    await under.minutes(1);
    expect(puts.slice(0, 3)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(await committed(under)).toEqual([2]);
  });

  it('stores only what preCommit returned, and never beyond what was delivered (Invariant 2)', async () => {
    const t0 = topicPartition('t', 0);
    const behind = await sinkCluster(
      () => ({ put: () => undefined, preCommit: () => new Map([[t0, 1n]]) }),
      ['a', 'b'],
    );
    await behind.minutes(1);
    expect(await committed(behind)).toEqual([1]);
    const ahead = await sinkCluster(
      () => ({ put: () => undefined, preCommit: () => new Map([[t0, 99n]]) }),
      ['a', 'b'],
    );
    await ahead.minutes(1);
    expect(await committed(ahead)).toEqual([undefined]);
    expect(ahead.log.map(({ message }) => message)).toContain(
      'offsets beyond what was delivered are ignored',
    );
  });

  it.each([
    ['never goes back by itself: the task may still hold records that came twice (Invariant 3)', false, 1],
    ['goes back where the task has asked for earlier records', true, 0],
  ])('an offset that is stored %s', async (_, seeks, stored) => {
    const t0 = topicPartition('t', 0);
    const answers: bigint[] = [];
    let puts = 0;
    const under = await sinkCluster(
      () => ({
        put: (records, context) => {
          if (records.length === 0) return;
          puts++;
          context.requestCommit();
          if (seeks && puts === 2) context.offset(new Map([[t0, 0n]]));
        },
        preCommit: () => {
          answers.push(answers.length === 0 ? 1n : 0n);
          return new Map([[t0, answers.at(-1) ?? 0n]]);
        },
      }),
      ['a', 'b'],
      { 'consumer.override.max.poll.records': '1' },
    );
    await under.minutes(1);
    expect(answers.slice(0, 2)).toEqual([1n, 0n]);
    expect(await committed(under)).toEqual([stored]);
  });

  it('reads on from where the task asked to', async () => {
    const values: string[] = [];
    const under = await sinkCluster(
      () => ({
        open: (partitions, context) =>
          context.offset(new Map(partitions.map((partition) => [partition, 2n]))),
        put: (records) => void values.push(...records.map(({ value }) => String(value))),
      }),
      ['a', 'b', 'c', 'd'],
    );
    await under.minutes(1);
    expect(values).toEqual(['c', 'd']);
  });

  it('goes back to the last commit when a flush fails, and loses nothing', async () => {
    const flushed: string[] = [];
    let buffer: string[] = [];
    let failures = 1;
    const under = new WorkerUnderTest(
      [
        sinkOf(() => ({
          put: (records, context) => {
            buffer.push(...records.map(({ value }) => String(value)));
            if (records.length > 0) context.requestCommit();
          },
          flush: () => {
            const taken = buffer;
            buffer = [];
            if (failures-- > 0) throw new Error('disk full');
            flushed.push(...taken);
          },
        })),
      ],
      { mode: 'continuous', rediscoveryMs: 300_000 },
    );
    under.kafka.createTopic({ topic: 't', partitions: 1 });
    under.produce('t', ['a', 'b']);
    await under.create('c', 'test.Sink', { topics: 't' });
    await under.minutes(1);
    expect(flushed).toEqual(['a', 'b']);
    expect(await committed(under)).toEqual([2]);
  });

  it('writes poison to the dead-letter topic with its context before the offset passes it (Invariant 5)', async () => {
    const values: string[] = [];
    const under = await sinkCluster(
      () => ({ put: (records) => void values.push(...records.map(({ value }) => String(value))) }),
      ['a', 'poison', 'b'],
      {
        ...withTransform,
        'errors.tolerance': 'all',
        'errors.deadletterqueue.topic.name': 'dead',
        'errors.deadletterqueue.context.headers.enable': 'true',
      },
    );
    await under.minutes(1);
    expect(values).toEqual(['a', 'b']);
    expect(under.records('dead')).toEqual(['poison']);
    const headers = Object.fromEntries(
      under.kafka
        .records('dead')[0]
        ?.headers.map(({ key, value }) => [key, new TextDecoder().decode(value ?? undefined)]) ?? [],
    );
    expect(headers).toMatchObject({
      '__connect.errors.topic': 't',
      '__connect.errors.partition': '0',
      '__connect.errors.offset': '1',
      '__connect.errors.connector.name': 'c',
      '__connect.errors.stage': 'TRANSFORMATION',
      '__connect.errors.class.name': 'test.Drop',
      '__connect.errors.exception.class.name': 'org.apache.kafka.connect.errors.DataException',
      '__connect.errors.exception.message': 'poisonous',
    });
  });

  it('starts at the end with auto.offset.reset=latest, and remembers that place even if nothing came', async () => {
    const values: string[] = [];
    const under = await sinkCluster(
      () => ({ put: (records) => void values.push(...records.map(({ value }) => String(value))) }),
      ['old'],
      {
        'consumer.override.auto.offset.reset': 'latest',
      },
    );
    await under.minutes(1);
    under.produce('t', ['new']);
    await under.minutes(1);
    expect(values).toEqual(['new']);
  });

  it('finds partitions of topics that come later', async () => {
    const values: string[] = [];
    const under = new WorkerUnderTest([
      sinkOf(() => ({ put: (records) => void values.push(...records.map(({ value }) => String(value))) })),
    ]);
    await under.create('c', 'test.Sink', { 'topics.regex': 'a.*' });
    await under.minutes(1);
    under.kafka.createTopic({ topic: 'abc', partitions: 1 });
    under.produce('abc', ['x']);
    await under.minutes(2);
    expect(values).toEqual(['x']);
  });
});

describe('an invocation', () => {
  it('that comes twice or late leaves the run alone', async () => {
    let starts = 0;
    const under = new WorkerUnderTest([emitting(['a'], { stop: () => void starts++ })]);
    await under.create('c', 'test.Source');
    await under.minutes(1);
    const [run] = (await under.state.snapshot('c')).runs;
    const again = { connector: 'c', epoch: run?.epoch ?? 0 };
    const claim = {
      invocation: { requestId: 'r', logGroup: '', logStream: '' },
      deadline: 0,
      token: 'other',
    };
    expect(await under.state.runs.claim(again.connector, again.epoch, claim)).toBeUndefined();
    expect(starts).toBe(1);
  });
});
