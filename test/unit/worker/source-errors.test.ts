import { describe, expect, it } from 'vitest';
import type { SourceTask } from '../../../lib/api/source.ts';
import { errorOf } from '../../../lib/kafka/error-codes.ts';
import { emitting, dropping, withTransform } from './scripted-plugins.ts';
import { WorkerUnderTest } from './worker-under-test.ts';

const tooBig = 'x'.repeat(1_100_000);
const tolerant = { 'errors.tolerance': 'all' };
const deadLetters = { ...tolerant, 'errors.deadletterqueue.topic.name': 'dead' };

/** Emits all values in one batch, once. */
const atOnce = (values: readonly string[], hooks: Partial<SourceTask> = {}) =>
  emitting(values, hooks, Infinity);

const offset = async (cluster: WorkerUnderTest) =>
  (await cluster.state.offsets.list('c')).map((item) => item.offset);
const state = async (cluster: WorkerUnderTest) => (await cluster.state.tasks.list('c'))[0];
const headers = (cluster: WorkerUnderTest, topic: string) =>
  cluster.kafka
    .records(topic)
    .map((record) =>
      Object.fromEntries(
        record.headers.map(({ key, value }) => [key, new TextDecoder().decode(value ?? new Uint8Array())]),
      ),
    );

describe('a source record that cannot be handled', () => {
  it('is written to the dead-letter topic, and what lies around it is delivered', async () => {
    const cluster = new WorkerUnderTest([atOnce(['a', 'poison', 'b']), dropping]);
    await cluster.create('c', 'test.Source', { ...withTransform, ...deadLetters });
    await cluster.minutes(1);
    expect(cluster.records('t')).toEqual(['a', 'b']);
    expect(cluster.records('dead')).toEqual(['{"schema":null,"payload":"poison"}']);
    expect(headers(cluster, 'dead')).toMatchObject([
      {
        '__connect.errors.stage': 'TRANSFORMATION',
        '__connect.errors.source.partition': '{"p":"a"}',
        '__connect.errors.source.offset': '{"n":2}',
      },
    ]);
    expect(await offset(cluster)).toEqual([{ n: 3 }]);
  });

  it('fails the task with tolerance none, after its dead letter and after what came before it', async () => {
    const cluster = new WorkerUnderTest([atOnce(['a', 'poison', 'b']), dropping]);
    await cluster.create('c', 'test.Source', {
      ...withTransform,
      'errors.deadletterqueue.topic.name': 'dead',
    });
    await cluster.minutes(2);
    expect(cluster.records('t')).toEqual(['a']);
    expect(cluster.records('dead')).toHaveLength(1);
    expect(await offset(cluster)).toEqual([{ n: 1 }]);
    expect((await state(cluster))?.state).toBe('FAILED');
  });

  it('is not passed while the dead-letter topic cannot be written (Invariant 5)', async () => {
    const cluster = new WorkerUnderTest([atOnce(['poison', 'b']), dropping]);
    await cluster.create('c', 'test.Source', { ...withTransform, ...deadLetters });
    let isDown = true;
    cluster.intercept = (operation) => {
      if (isDown && operation === 'createTopics') throw errorOf(7);
    };
    await cluster.minutes(2);
    expect(cluster.records('t')).toEqual([]);
    expect(await offset(cluster)).toEqual([null]);
    expect(await state(cluster)).toMatchObject({ state: 'UNASSIGNED', attempts: 1 });
    isDown = false;
    await cluster.minutes(3);
    expect(cluster.records('t')).toEqual(['b']);
    expect(cluster.records('dead')).toHaveLength(1);
  });

  it('stops the task when the dead-letter topic cannot be created, and says which key to set', async () => {
    const cluster = new WorkerUnderTest([atOnce(['poison']), dropping]);
    await cluster.create('c', 'test.Source', { ...withTransform, ...deadLetters });
    const invalidReplicationFactor = 38;
    cluster.intercept = (operation) => {
      if (operation === 'createTopics') throw errorOf(invalidReplicationFactor, { topic: 'dead' });
    };
    await cluster.minutes(2);
    expect(await state(cluster)).toMatchObject({
      state: 'FAILED',
      trace: expect.stringMatching(
        /The dead-letter topic dead cannot be created[\s\S]*set errors\.deadletterqueue\.topic\.replication\.factor, which is 3/,
      ),
    });
  });

  it('is said in the log when nothing else reports it', async () => {
    const cluster = new WorkerUnderTest([atOnce(['poison', 'b']), dropping]);
    await cluster.create('c', 'test.Source', { ...withTransform, ...tolerant });
    await cluster.minutes(1);
    expect(cluster.log).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('records are skipped'), skipped: 1 }),
    );
  });
});

describe('a record too large for Kafka', () => {
  it('fails the task in the words of Kafka Connect, and keeps what came before it', async () => {
    const cluster = new WorkerUnderTest([atOnce(['a', tooBig, 'b'])]);
    await cluster.create('c', 'test.Source');
    await cluster.minutes(2);
    expect(cluster.records('t')).toEqual(['a']);
    expect(await offset(cluster)).toEqual([{ n: 1 }]);
    expect((await state(cluster))?.trace).toMatch(
      /^org.apache.kafka.connect.errors.ConnectException: Unrecoverable exception from producer send callback\nWhat to do: Raise producer\.override\.max\.request\.size[\s\S]*Caused by: The message is 1100082 bytes when serialized which is larger than 1048576/,
    );
  });

  it('is skipped with tolerance all, told of with null, and its offset is passed', async () => {
    const told: string[] = [];
    const cluster = new WorkerUnderTest([
      atOnce(['a', tooBig, 'b', tooBig], {
        commitRecord: (record, metadata) =>
          void told.push(`${String(record.value).slice(0, 1)} ${metadata?.offset ?? null}`),
      }),
    ]);
    await cluster.create('c', 'test.Source', { ...tolerant, 'errors.log.enable': 'true' });
    await cluster.minutes(1);
    expect(cluster.records('t')).toEqual(['a', 'b']);
    expect(told).toEqual(['a 0', 'x null', 'b 1', 'x null']);
    expect(await offset(cluster)).toEqual([{ n: 4 }]);
    expect(cluster.log.filter(({ stage }) => stage === 'KAFKA_PRODUCE')).toHaveLength(2);
  });

  it('stops the task when it does not fit into the dead-letter topic either', async () => {
    const cluster = new WorkerUnderTest([atOnce(['a', tooBig])]);
    await cluster.create('c', 'test.Source', deadLetters);
    await cluster.minutes(2);
    expect(await state(cluster)).toMatchObject({
      state: 'FAILED',
      trace: expect.stringContaining('The dead-letter topic dead did not take a record'),
    });
    expect(await offset(cluster)).toEqual([{ n: 1 }]);
  });

  it('is sent where producer.override.max.request.size and the topic allow it', async () => {
    const cluster = new WorkerUnderTest([atOnce([tooBig])]);
    cluster.kafka.createTopic({ topic: 't', partitions: 1, configs: { 'max.message.bytes': '2000000' } });
    await cluster.create('c', 'test.Source', { 'producer.override.max.request.size': '2000000' });
    await cluster.minutes(1);
    expect(cluster.records('t')).toEqual([tooBig]);
  });

  it('is found among its neighbours when the broker refuses their batch', async () => {
    const cluster = new WorkerUnderTest([atOnce(['a', 'x'.repeat(200), 'b'])]);
    cluster.kafka.createTopic({ topic: 't', partitions: 1, configs: { 'max.message.bytes': '100' } });
    await cluster.create('c', 'test.Source', deadLetters);
    await cluster.minutes(1);
    expect(cluster.records('t')).toEqual(['a', 'b']);
    expect(headers(cluster, 'dead')).toMatchObject([
      {
        '__connect.errors.stage': 'KAFKA_PRODUCE',
        '__connect.errors.exception.class.name': 'org.apache.kafka.common.errors.RecordTooLargeException',
        '__connect.errors.source.offset': '{"n":2}',
      },
    ]);
    expect(await offset(cluster)).toEqual([{ n: 3 }]);
  });
});

describe('an outage', () => {
  it('of the topic, its permissions or the cluster is never tolerated: it would befall every record', async () => {
    const cluster = new WorkerUnderTest([emitting(['a', 'b'])]);
    await cluster.create('c', 'test.Source', deadLetters);
    const topicAuthorizationFailed = 29;
    cluster.intercept = (operation) => {
      if (operation === 'produce') throw errorOf(topicAuthorizationFailed, { topic: 't', partition: 0 });
    };
    await cluster.minutes(2);
    expect(cluster.kafka.records('dead')).toEqual([]);
    expect(await offset(cluster)).toEqual([null]);
    expect((await state(cluster))?.state).toBe('FAILED');
  });

  it('in a poll that throws a plain network error is retried like a RetriableError', async () => {
    let polls = 0;
    const cluster = new WorkerUnderTest([
      emitting(['a'], {
        poll: () => {
          polls++;
          if (polls < 3) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
          return [];
        },
      }),
    ]);
    await cluster.create('c', 'test.Source');
    await cluster.minutes(1);
    expect(polls).toBeGreaterThan(3);
    expect((await state(cluster))?.attempts).toBe(0);
  });
});
