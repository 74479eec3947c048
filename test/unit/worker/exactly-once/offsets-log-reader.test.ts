import { describe, expect, it } from 'vitest';
import { deadlineIn } from '../../../../lib/foundation/deadline.ts';
import { partitionForKey } from '../../../../lib/kafka/partitioner.ts';
import { MemoryClient } from '../../../../lib/kafka/memory/memory-client.ts';
import { MemoryKafka } from '../../../../lib/kafka/memory/memory-kafka.ts';
import type { FetchRequest } from '../../../../lib/kafka/ports.ts';
import { VirtualClock } from '../../../../lib/testing/virtual-clock.ts';
import { OffsetsLogReader } from '../../../../lib/worker/exactly-once/offsets-log-reader.ts';
import { aheadOfTable, type LoggedOffset } from '../../../../lib/worker/exactly-once/logged-offset.ts';

const partitions = 5;
const topic = 'offsets';

function setup() {
  const clock = new VirtualClock();
  const kafka = new MemoryKafka({ clock });
  kafka.createTopic({ topic, partitions });
  const client = new MemoryClient(kafka);
  const asked: FetchRequest[] = [];
  const watching = new Proxy(client, {
    get: (target, name) => {
      if (name === 'fetch') {
        return (request: FetchRequest, call: Parameters<typeof client.fetch>[1]) => {
          asked.push(request);
          return target.fetch(request, call);
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
  const write = (connector: string, id: number, offset: number | null, epoch?: number) => {
    const key = Buffer.from(`["${connector}",{"id":${id}}]`);
    return kafka.append({
      topic,
      partition: partitionForKey(key, partitions),
      key,
      value: offset === null ? null : Buffer.from(`{"n":${offset}}`),
      timestamp: null,
      ...(epoch === undefined
        ? {}
        : { headers: [{ key: 'sluice.epoch', value: Buffer.from(String(epoch)) }] }),
    });
  };
  const reader = new OffsetsLogReader(watching, { connector: 'c', topic, partitions });
  const call = (ms = 60_000) => ({ deadline: deadlineIn(ms, clock) });
  return { clock, kafka, write, reader, asked, call };
}

const placeOf = (id: number): number => partitionForKey(Buffer.from(`["c",{"id":${id}}]`), partitions);

describe('the reader of an offsets topic', () => {
  it('finds the last record of each partition, tombstones too, and nothing of other connectors', async () => {
    const { write, reader, call } = setup();
    write('c', 1, 10, 4);
    write('other', 1, 99, 9);
    write('c', 1, 11, 5);
    write('c', 2, 7);
    write('c', 2, null, 6);
    const found = await reader.find(
      [{ partition: { id: 1 } }, { partition: { id: 2 } }, { partition: { id: 3 } }],
      call(),
    );
    expect([...found].map(([id, { offset, epoch }]) => [id, offset, epoch])).toEqual([
      ['{"id":1}', { n: 11 }, 5],
      ['{"id":2}', null, 6],
    ]);
  });

  it('reads only the partition of a key, only from where a record was seen, and that only once', async () => {
    const { write, reader, asked, call, kafka } = setup();
    for (let n = 0; n < 5_000; n++) for (const id of [1, 2, 3, 4, 5, 6, 7]) write('c', id, n, 1);
    const partition = placeOf(1);
    const since = { topic, partition, offset: kafka.endOffset(topic, partition) - 20n };
    const found = await reader.find([{ partition: { id: 1 }, since }], call());
    expect(found.get('{"id":1}')?.offset).toEqual({ n: 4_999 });
    expect(asked.map(({ assignments }) => assignments)).toEqual([
      [{ topic, partition, offset: since.offset }],
    ]);
    await reader.find([{ partition: { id: 1 }, since }], call());
    expect(asked).toHaveLength(1);
    await reader.find([{ partition: { id: 1 } }], call());
    expect(asked.length).toBeGreaterThan(1);
    expect(asked[1]?.assignments).toEqual([{ topic, partition, offset: 0n }]);
  });

  it('waits for a transaction that is open before the record, no longer than the deadline', async () => {
    const { clock, kafka, write, reader, call } = setup();
    const partition = placeOf(1);
    const open = { state: 'open' as 'open' | 'committed' | 'aborted' };
    kafka.append({ topic, partition, key: Buffer.from('x'), value: null, timestamp: null }, open);
    write('c', 1, 3, 1);
    const late = reader.find([{ partition: { id: 1 } }], call(5_000));
    late.catch(() => undefined);
    await clock.advance(10_000);
    await expect(late).rejects.toMatchObject({
      retriable: true,
      message: `The offsets topic offsets could not be read to its end in time: partition ${partition} at 0 of 2`,
    });
    const patient = reader.find([{ partition: { id: 1 } }], call());
    await clock.advance(2_000);
    open.state = 'committed';
    kafka.partition(topic, partition)?.appendMarker(open);
    await clock.advance(2_000);
    expect((await patient).get('{"id":1}')?.offset).toEqual({ n: 3 });
  });

  it('looks where the topic had fewer partitions, too', async () => {
    const { kafka, reader, call } = setup();
    const partition = (placeOf(1) + 1) % partitions;
    kafka.append({
      topic,
      partition,
      key: Buffer.from('["c",{"id":1}]'),
      value: Buffer.from('{"n":8}'),
      timestamp: null,
    });
    const since = { topic, partition, offset: 0n };
    expect((await reader.find([{ partition: { id: 1 }, since }], call())).get('{"id":1}')?.offset).toEqual({
      n: 8,
    });
  });
});

describe('what counts, the table or Kafka', () => {
  const stored = { partition: {}, offset: { n: 1 }, version: 4, epoch: 20, by: 10, storedAt: 0, keptAt: 0 };
  const place = { topic, partition: 0, offset: 0n };
  const logged = (epoch: number | undefined): LoggedOffset => ({ offset: { n: 2 }, epoch, place });
  const never = { partition: {}, offset: null, version: 0, epoch: 20, storedAt: 0, keptAt: 0 };

  it.each([
    ['no record: the table', stored, [], undefined],
    ['a record of the run that wrote the table, or a later one: Kafka', stored, [10], 10],
    ['of several topics the latest', stored, [10, 12, 11], 12],
    ['a record of an earlier run: the table', stored, [9], undefined],
    ['a table that never held an offset: Kafka', never, [1], 1],
  ])('%s', (_what, table, epochs, expected) => {
    expect(aheadOfTable(table, epochs.map(logged))?.epoch).toBe(expected);
  });

  it('a record of another program: Kafka where the table follows that topic, else the table', () => {
    expect(aheadOfTable({ ...stored, log: place }, [logged(undefined)])).toBeDefined();
    expect(aheadOfTable(stored, [logged(undefined)])).toBeUndefined();
    expect(aheadOfTable(never, [logged(undefined)])).toBeDefined();
  });

  it('a table written by a version that did not say by whom: the table', () => {
    const { by: _, ...older } = stored;
    expect(aheadOfTable(older, [logged(30)])).toBeUndefined();
  });
});
