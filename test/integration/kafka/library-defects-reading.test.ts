import { describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { BatchBuilder, noProducer, stampProducer } from '../../../lib/kafka/record-batch/batch-builder.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { FetchedPartition } from '../../../lib/kafka/ports.ts';
import { requestFor, textsOf } from '../../../lib/testing/kafka/kafka-probe.ts';
import { RawProducer } from '../../../lib/testing/kafka/raw-producer.ts';
import { BatchLog } from '../../unit/kafka/record-batch/batch-log.ts';
import { libraryFetch, libraryTexts } from './library-reader.ts';
import { brokerWithLogs } from './stored-log.ts';

const topic = 'defects';

/** One fetch of our client, from these offsets of partitions 0, 1, … */
async function ourFetch(bootstrapServers: string, offsets: readonly bigint[]): Promise<FetchedPartition[]> {
  await using client = connectKafka({ bootstrapServers: [bootstrapServers], clientId: 'ours' });
  const assignments = offsets.map((offset, partition) => ({ topic, partition, offset }));
  const call = { deadline: deadlineIn(10_000, systemClock) };
  const fetched = await client.fetch(requestFor(assignments, { maxWaitMs: 10 }), call);
  return offsets.map((_, partition) => {
    const answer = fetched.get(topicPartition(topic, partition));
    if (answer === undefined) throw new Error(`partition ${partition} is not in the answer`);
    return answer;
  });
}

async function bothFetch(log: BatchLog, offset: bigint) {
  await using broker = await brokerWithLogs(topic, [log]);
  const [library] = await libraryFetch(broker.bootstrapServers, topic, [offset]);
  const [ours] = await ourFetch(broker.bootstrapServers, [offset]);
  if (!library || !ours) throw new Error('no answer');
  return { library, ours };
}

/**
 * Defects of kafkajs 2.2.4 that our client is built around (K1, K2, …), each in the library's own path and, in the very
 * same situation, in ours. A case that fails on the library's side says that the library has changed.
 */
describe('what kafkajs reads wrong, and our client right', () => {
  it('K1: a fetch that starts inside two aborted transactions gets records of the second', async () => {
    const log = new BatchLog()
      .data(0n, 1n, ['a'])
      .data(1n, 2n, ['b'])
      .data(2n, 2n, ['b again'])
      .data(3n, 1n, ['a again'])
      .marker(4n, 1n, false)
      .marker(5n, 2n, false)
      .data(6n, -1n, ['plain']);
    const { library, ours } = await bothFetch(log, 2n);
    expect(libraryTexts(library)).toEqual(['b again', 'plain']);
    expect(textsOf(ours.records)).toEqual(['plain']);
  });

  it('K2: a record whose key is four zero bytes ends an aborted transaction', async () => {
    const log = new BatchLog()
      .data(0n, 1n, ['first'])
      .data(1n, 1n, ['an int32 zero as key'], Buffer.alloc(4))
      .data(2n, 1n, ['last'])
      .marker(3n, 1n, false)
      .data(4n, -1n, ['plain']);
    const { library, ours } = await bothFetch(log, 0n);
    expect(libraryTexts(library)).toEqual(['an int32 zero as key', 'last', 'plain']);
    expect(textsOf(ours.records)).toEqual(['plain']);
  });

  it('K3: the offsets of an empty batch are lost, and a reader of nothing else stays where it is', async () => {
    const { library, ours } = await bothFetch(new BatchLog().emptied(0n, -1n, 4), 0n);
    // Its consumer goes on only where there was a record, or one that was filtered.
    expect([library.isEmpty(), library.isEmptyDueToFiltering()]).toEqual([true, false]);
    expect(ours).toMatchObject({ records: [], nextOffset: 5n });
  });

  it('K4: an error of one partition takes away the records of the others', async () => {
    const [one, other] = [new BatchLog().data(0n, -1n, ['a', 'b']), new BatchLog().data(0n, -1n, ['c'])];
    await using broker = await brokerWithLogs(topic, [one, other]);
    await expect(libraryFetch(broker.bootstrapServers, topic, [0n, 99n])).rejects.toMatchObject({
      type: 'OFFSET_OUT_OF_RANGE',
    });
    const [first, second] = await ourFetch(broker.bootstrapServers, [0n, 99n]);
    expect(textsOf(first?.records ?? [])).toEqual(['a', 'b']);
    expect(second?.error).toMatchObject({ kafkaName: 'OFFSET_OUT_OF_RANGE', partition: 1 });
  });

  it('K7: a damaged batch is read as if nothing were', async () => {
    const { library, ours } = await bothFetch(new BatchLog().data(0n, -1n, ['damaged']).damage(), 0n);
    expect(libraryTexts(library)).toEqual([expect.not.stringMatching(/^damaged$/)]);
    expect(ours).toMatchObject({ records: [], error: { kafkaName: 'CORRUPT_MESSAGE' } });
  });

  it('K7: headers lose their order, as they become an object', async () => {
    const headers = ['a', 'b', 'a'].map((key, index) => ({ key, value: Buffer.from(String(index)) }));
    const builder = new BatchBuilder(Buffer.alloc(1_000));
    builder.append({ key: null, value: null, headers }, 0);
    const batch = builder.finish('none');
    stampProducer(batch, noProducer);
    const { library, ours } = await bothFetch(new BatchLog().raw(0n, batch), 0n);
    expect(library.messages[0]?.headers).toEqual({
      a: [headers[0], headers[2]].map((h) => h?.value),
      b: headers[1]?.value,
    });
    expect([...(ours.records[0]?.headers ?? [])]).toEqual(headers);
  });

  it('K10: an empty answer seems to reach to the end of the partition, over records that are still to come', async () => {
    await using broker = await brokerWithLogs(topic, [new BatchLog().data(0n, -1n, ['read'])]);
    await using producer = new RawProducer(broker.bootstrapServers, topic, 'open');
    await producer.init();
    await producer.begin();
    await producer.append(['open', 'open']);
    // A reader of committed records waits at the first record of a transaction that is open.
    const [library] = await libraryFetch(broker.bootstrapServers, topic, [1n]);
    const [ours] = await ourFetch(broker.bootstrapServers, [1n]);
    expect([library?.isEmpty(), library?.lastOffset()]).toEqual([true, '2']);
    expect(ours).toMatchObject({ records: [], nextOffset: 1n, highWatermark: 3n, lastStableOffset: 1n });
  });
});
