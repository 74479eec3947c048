import { beforeEach, describe, expect, it } from 'vitest';
import { ConnectorOffsets } from '../../../lib/coordinator/connector-offsets.ts';
import type { SourceTask } from '../../../lib/api/source.ts';
import { countingTable } from '../../../lib/local/counting-table.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { historyMs } from '../../../lib/storage/items/offset-history.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import { sinkOf, sourceOf } from '../worker/scripted-plugins.ts';
import { WorkerUnderTest } from '../worker/worker-under-test.ts';

const minute = 60_000;

/** One record a minute of the clock: its number is the minute. */
const clockwork = (now: () => number) =>
  sourceOf((): SourceTask => {
    let next = 0;
    const partition = { p: 'a' };
    return {
      start: async (_, { offsets }) => void (next = Number((await offsets.get(partition))?.['n'] ?? 0)),
      poll: () => {
        if (next > now()) return [];
        next++;
        return [
          { sourcePartition: partition, sourceOffset: { n: next }, topic: 't', value: String(next - 1) },
        ];
      },
    };
  });

describe('rewind', () => {
  let cluster: WorkerUnderTest;
  let offsets: ConnectorOffsets;
  let begin = 0;
  beforeEach(async () => {
    cluster = new WorkerUnderTest([clockwork(() => (cluster.clock.now() - begin) / minute)]);
    begin = cluster.clock.now();
    cluster.kafka.createTopic({ topic: 't', partitions: 1 });
    offsets = new ConnectorOffsets({
      state: cluster.state,
      invoker: cluster.offsetsInvoker,
      clock: cluster.clock,
    });
    await cluster.create('c', 'test.Source');
  });
  const stop = async () => {
    await cluster.state.connectors.setTargetState('c', 'STOPPED', cluster.clock.now());
    await cluster.minutes(2);
  };
  const position = async () => Number((await offsets.list('c'))[0]?.offset?.['n'] ?? 0);

  it('sets the offsets to what they were at that time: never later, and at most the ten minutes earlier', async () => {
    await cluster.minutes(60);
    await stop();
    for (const back of [5, 17, 33, 48]) {
      const time = cluster.clock.now() - back * minute;
      await offsets.rewind('c', time);
      const was = (time - begin) / minute + 1;
      expect(await position()).toBeLessThanOrEqual(was);
      expect(await position()).toBeGreaterThanOrEqual(was - 12);
    }
  });

  it('can be taken back: what it replaces is kept as well', async () => {
    await cluster.minutes(30);
    await stop();
    const before = await position();
    const time = cluster.clock.now();
    await cluster.clock.advance(minute);
    await offsets.rewind('c', begin + 10 * minute);
    expect(await position()).toBeLessThan(before);
    await cluster.clock.advance(minute);
    await offsets.rewind('c', time);
    expect(await position()).toBe(before);
  });

  it('to a time before the first commit leaves no offset, so that everything is read again', async () => {
    await cluster.clock.advance(minute);
    await cluster.minutes(20);
    await stop();
    await offsets.rewind('c', begin + 1);
    expect(await offsets.list('c')).toEqual([]);
  });

  it('to now, or to a time since which nothing was stored, changes nothing', async () => {
    await cluster.minutes(5);
    await stop();
    expect(await offsets.rewind('c', cluster.clock.now())).toMatch(/0 of 1 partitions were set back/);
  });

  it.each([
    ['the future', 1],
    ['a time that the history does not reach', -historyMs - 1],
  ])('to %s is refused', async (_, offset) => {
    await cluster.minutes(1);
    await stop();
    await expect(offsets.rewind('c', cluster.clock.now() + offset)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('the last 7 days'),
    });
  });

  it('costs one write in ten minutes, whoever commits and however often', async () => {
    const { table, counts } = countingTable(memoryTable());
    const { offsets: store, offsetHistory: history } = clusterState(table);
    const hour = 3_600_000;
    for (let now = 0, epoch = 1; now < hour; now += 10_000, epoch++) {
      const claimed = await store.claim('c', { p: 1 }, epoch);
      await store.commit('c', claimed, { n: now }, { epoch, now: begin + now, token: String(epoch) });
    }
    // A claim and a commit each ten seconds, and the history.
    expect(counts.writes - 2 * 360).toBe(6);
    expect(await history.list('c')).toHaveLength(6);
    expect(await store.list('c')).toHaveLength(1);
  });
});

describe('rewind of a sink', () => {
  it('sets back each topic-partition of a page that two tasks share, and the next runs deliver from there', async () => {
    const delivered: string[] = [];
    const sink = sinkOf(() => ({
      put: (records) =>
        void delivered.push(...records.map((r) => `${r.originalKafkaPartition}@${r.originalKafkaOffset}`)),
    }));
    const cluster = new WorkerUnderTest([sink]);
    const { clock, state, kafka, offsetsInvoker: invoker } = cluster;
    kafka.createTopic({ topic: 't', partitions: 2 });
    const produce = (partition: number) =>
      void kafka.append({ topic: 't', partition, key: null, value: new Uint8Array([1]), timestamp: null });
    await cluster.create('c', 'test.Sink', { topics: 't', 'tasks.max': '2', 'lambda.scaling': 'fixed' });
    const begin = clock.now();
    for (let each = 0; each < 40; each++) {
      produce(0);
      if (each % 20 === 0) produce(1);
      await cluster.minutes(1);
    }
    expect((await state.tasks.list('c')).length).toBe(2);
    await state.connectors.setTargetState('c', 'STOPPED', clock.now());
    await cluster.minutes(2);
    const offsets = new ConnectorOffsets({ state, invoker, clock });
    const time = begin + 31 * minute;
    expect(await offsets.rewind('c', time)).toMatch(/1 of 2 partitions were set back$/);
    const positions = (await offsets.list('c')).map(({ offset }) => Number(offset?.['kafka_offset']));
    expect(positions[0]).toBeLessThanOrEqual(31);
    expect(positions[0]).toBeGreaterThanOrEqual(31 - 12);
    expect(positions[1]).toBe(2);
    delivered.length = 0;
    await state.connectors.setTargetState('c', 'RUNNING', clock.now());
    await cluster.minutes(3);
    const again = Array.from({ length: 40 - (positions[0] ?? 0) }, (_, i) => `0@${(positions[0] ?? 0) + i}`);
    expect(delivered).toEqual(again);
  });
});
