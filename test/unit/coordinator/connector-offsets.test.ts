import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigDef } from '../../../lib/api/config-def.ts';
import { ConnectError } from '../../../lib/api/errors.ts';
import type { SinkPlugin, SourcePlugin } from '../../../lib/api/connector.ts';
import { ConnectorOffsets } from '../../../lib/coordinator/connector-offsets.ts';
import type { OffsetRequest } from '../../../lib/coordinator/sink-offset-request.ts';
import { requestNumber } from '../../../lib/coordinator/sink-offset-request.ts';
import { parseExact } from '../../../lib/foundation/json/parse-exact.ts';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { countingSource } from '../worker/counting-plugins.ts';
import { WorkerUnderTest } from '../worker/worker-under-test.ts';

const requests = (text: string) => parseExact(text, requestNumber) as OffsetRequest[];
const one = (partition: string, offset: string) =>
  requests(`[{"partition":${partition},"offset":${offset}}]`);

/** What the plugin's hook answers, and what it was asked. */
let answer: () => boolean | Promise<boolean> = () => true;
let asked: unknown[] = [];

const source: SourcePlugin = {
  ...countingSource,
  connector: async () => ({
    taskConfigs: () => [{ part: 'a' }],
    alterOffsets: (_, offsets) => {
      asked.push([...offsets]);
      return answer();
    },
  }),
};
const sink: SinkPlugin = {
  kind: 'sink',
  class: 'test.Sink',
  version: '1',
  status: 'stable',
  module: import.meta.url,
  configDef: new ConfigDef({}),
  connector: async () => ({
    alterOffsets: (_, offsets) => {
      asked.push([...offsets]);
      return answer();
    },
  }),
  task: async () => ({ put: () => undefined }),
};

describe('the offsets of a connector', () => {
  let cluster: WorkerUnderTest;
  let offsets: ConnectorOffsets;
  beforeEach(() => {
    answer = () => true;
    asked = [];
    cluster = new WorkerUnderTest([source, sink]);
    cluster.kafka.createTopic({ topic: 'numbers', partitions: 1 });
    offsets = new ConnectorOffsets({
      state: cluster.state,
      invoker: cluster.offsetsInvoker,
      clock: cluster.clock,
    });
  });
  const stop = async (name = 'c') => {
    await cluster.state.connectors.setTargetState(name, 'STOPPED', cluster.clock.now());
    await cluster.minutes(2);
  };
  const stoppedSource = async () => {
    await cluster.create('c', 'test.CountingSource');
    await cluster.minutes(2);
    await stop();
  };

  it('are listed, those that were deleted left out', async () => {
    await stoppedSource();
    expect(await offsets.list('c')).toEqual([{ partition: { part: 'a' }, offset: { next: 20 } }]);
    await offsets.reset('c');
    expect(await offsets.list('c')).toEqual([]);
    await expect(offsets.list('none')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'Connector none not found',
    });
  });

  it('are altered one by one, and the next run goes on from there', async () => {
    await stoppedSource();
    expect(await offsets.alter('c', one('{"part":"a"}', '{"next":17}'))).toBe(
      'The offsets for this connector have been altered successfully',
    );
    await cluster.state.connectors.setTargetState('c', 'RUNNING', cluster.clock.now());
    await cluster.minutes(2);
    expect(cluster.records('numbers').slice(20)).toEqual(['a17', 'a18', 'a19']);
  });

  it('of partitions of any name and number are stored exactly; the last of several for one counts', async () => {
    await stoppedSource();
    await offsets.alter('c', [
      ...one('{"b":1,"a":"x"}', '{"n":1}'),
      ...one('{"a":"x","b":1}', '{"n":9007199254740993,"f":1.5,"t":null}'),
    ]);
    expect(await offsets.list('c')).toContainEqual({
      partition: { a: 'x', b: 1 },
      offset: { n: 9007199254740993n, f: 1.5, t: null },
    });
    expect(asked[0]).toHaveLength(1);
  });

  it.each([
    ['altered', () => offsets.alter('c', one('{"part":"a"}', '{"next":1}'))],
    ['reset', () => offsets.reset('c')],
  ] as const)('kept elsewhere have to be %s there: the message says so', async (done, change) => {
    await stoppedSource();
    answer = () => false;
    expect(await change()).toBe(
      `The Connect framework-managed offsets for this connector have been ${done} successfully. However, if this connector manages offsets externally, they will need to be manually ${done} in the system that the connector uses.`,
    );
  });

  it.each([
    ['refuses', new ConnectError('alter refused'), 'alter refused'],
    [
      'cannot',
      new ConnectError('no', { code: 'UNSUPPORTED' }),
      "Failed to modify offsets for connector c because it doesn't support external modification of offsets",
    ],
  ])('stay as they are when the plugin %s', async (_, error, message) => {
    await stoppedSource();
    answer = () => {
      throw error;
    };
    await expect(offsets.alter('c', one('{"part":"a"}', '{"next":1}'))).rejects.toMatchObject({
      code: 'CONNECT',
      message,
    });
    await expect(offsets.reset('c')).rejects.toMatchObject({ message });
    expect(await offsets.list('c')).toEqual([{ partition: { part: 'a' }, offset: { next: 20 } }]);
  });

  it.each<[string, OffsetRequest[] | null, string, string]>([
    [
      'no offsets',
      null,
      'BAD_REQUEST',
      'Partitions / offsets need to be provided for an alter offsets request',
    ],
    [
      'an empty list',
      [],
      'BAD_REQUEST',
      'Partitions / offsets need to be provided for an alter offsets request',
    ],
    ['no partition', [{ offset: { next: 1 } }], 'CONNECT', 'Partition objects cannot be null'],
    [
      'a list in a partition',
      [{ partition: { part: ['a'] }, offset: { next: 1 } }],
      'DATA',
      'Offsets may only contain primitive types as values, but field part contains ARRAY',
    ],
  ])('are not altered by a request with %s', async (_, request, code, message) => {
    await stoppedSource();
    await expect(offsets.alter('c', request)).rejects.toMatchObject({ code, message });
  });

  it.each([
    ['runs', async () => undefined],
    ['is paused', () => cluster.state.connectors.setTargetState('c', 'PAUSED', cluster.clock.now())],
    [
      'is to stop, but has not yet',
      () => cluster.state.connectors.setTargetState('c', 'STOPPED', cluster.clock.now()),
    ],
  ])('cannot be changed while the connector %s', async (_, change) => {
    await cluster.create('c', 'test.CountingSource');
    await cluster.minutes(1);
    await change();
    const message =
      "Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/c/stop' endpoint";
    const calls = [
      offsets.alter('c', one('{"part":"a"}', '{"next":1}')),
      offsets.reset('c'),
      offsets.rewind('c', cluster.clock.now()),
    ];
    for (const call of await Promise.allSettled(calls))
      expect(call).toMatchObject({ status: 'rejected', reason: { code: 'BAD_REQUEST', message } });
  });

  it('cannot be committed by a run of before, whatever it thinks it owns', async () => {
    await stoppedSource();
    const zombie = await cluster.state.connectors.nextEpoch('c');
    const claimed = await cluster.state.offsets.claim('c', { part: 'a' }, zombie);
    await offsets.alter('c', one('{"part":"a"}', '{"next":5}'));
    await expect(
      cluster.state.offsets.commit('c', claimed, { next: 19 }, { epoch: zombie, now: 1, token: 'z' }),
    ).rejects.toMatchObject({ code: 'FENCED' });
    expect((await offsets.list('c'))[0]?.offset).toEqual({ next: 5 });
  });

  describe('of a sink', () => {
    beforeEach(async () => {
      cluster.produce('numbers', ['a', 'b', 'c']);
      await cluster.create('c', 'test.Sink', { topics: 'numbers' });
      await cluster.minutes(2);
      await stop();
    });
    const partition = '{"kafka_topic":"numbers","kafka_partition":"0"}';

    it('are those of its topic-partitions, also beyond their ends', async () => {
      expect(await offsets.list('c')).toEqual([
        { partition: { kafka_topic: 'numbers', kafka_partition: 0 }, offset: { kafka_offset: 3 } },
      ]);
      await offsets.alter('c', one(partition, '{"kafka_offset":"1"}'));
      expect(asked).toEqual([[[topicPartition('numbers', 0), 1n]]]);
      await offsets.alter('c', one(partition, '{"kafka_offset":1000}'));
      expect((await offsets.list('c'))[0]?.offset).toEqual({ kafka_offset: 1000 });
      await offsets.alter('c', one(partition, 'null'));
      expect(await offsets.list('c')).toEqual([]);
    });

    it.each([
      ['an unknown topic', '{"kafka_topic":"none","kafka_partition":0}', '{"kafka_offset":1}'],
      ['an unknown partition', '{"kafka_topic":"numbers","kafka_partition":7}', '{"kafka_offset":1}'],
      ['a negative offset', partition, '{"kafka_offset":-1}'],
    ])('cannot be set for %s', async (_, at, offset) => {
      await expect(offsets.alter('c', one(at, offset))).rejects.toMatchObject({
        code: 'CONNECT',
        message: expect.stringContaining('Failed to alter consumer group offsets for connector c'),
      });
    });
  });

  describe('of an exactly-once source', () => {
    const workerConfig = { 'exactly.once.source.support': 'enabled', 'group.id': 'g' };
    it('are altered in Kafka, and the table follows: the next run goes on from there', async () => {
      cluster = new WorkerUnderTest([source], undefined, workerConfig);
      cluster.kafka.createTopic({ topic: 'numbers', partitions: 1 });
      const { state, clock, offsetsInvoker: invoker } = cluster;
      offsets = new ConnectorOffsets({ state, invoker, clock });
      await stoppedSource();
      const records = () => cluster.kafka.records('g-offsets').length;
      const before = records();
      await offsets.alter('c', one('{"part":"a"}', '{"next":17}'));
      expect(records()).toBe(before + 1);
      expect(await offsets.list('c')).toEqual([{ partition: { part: 'a' }, offset: { next: 17 } }]);
      await state.connectors.setTargetState('c', 'RUNNING', clock.now());
      await cluster.minutes(2);
      expect(cluster.records('numbers').slice(20)).toEqual(['a17', 'a18', 'a19']);
      await stop();
      await offsets.reset('c');
      expect(await offsets.list('c')).toEqual([]);
      expect(records()).toBe(before + 3);
    });
  });
});
