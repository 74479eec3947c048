import { describe, expect, it } from 'vitest';
import { topicPartition } from '../../../lib/api/topic-partition.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import type { CallOptions, FetchedPartition } from '../../../lib/kafka/ports.ts';
import { startKafka } from '../servers/kafka.ts';
import { javaUnavailable } from '../servers/maven-jars.ts';

const topic = 'compacted';
const call = (): CallOptions => ({ deadline: deadlineIn(30_000, systemClock) });
const missing = await javaUnavailable();

describe.skipIf(missing !== undefined)(`on Apache Kafka${missing ? `: ${missing}` : ''}`, () => {
  it('a reader moves over the empty batches that compaction leaves', async () => {
    await using broker = await startKafka();
    await using client = connectKafka({
      bootstrapServers: [broker.bootstrapServers],
      clientId: 'compaction',
    });
    const configs = {
      'cleanup.policy': 'compact',
      'segment.ms': '200',
      'min.cleanable.dirty.ratio': '0.01',
      'delete.retention.ms': '0',
    };
    await client.createTopics([{ topic, partitions: 1, replicationFactor: -1, configs }], call());
    const producers = Array.from({ length: 5 }, () => client.producer({}));
    const put = async (producer: (typeof producers)[number], value: string): Promise<void> => {
      const produced = await producer.send(
        [{ topic, partition: 0, key: Buffer.from('k'), value: Buffer.from(value), timestamp: null }],
        call(),
      );
      expect(produced.get(topicPartition(topic, 0))?.error).toBeUndefined();
    };
    // The last batch of a producer stays as an empty one, for its sequence.
    for (const [index, producer] of producers.entries()) await put(producer, String(index));
    const fetchFrom = async (offset: bigint): Promise<FetchedPartition> => {
      const request = {
        assignments: [{ topic, partition: 0, offset }],
        maxBytes: 1_000_000,
        minBytes: 1,
        maxWaitMs: 100,
        isolation: 'read_committed',
      } as const;
      const fetched = (await client.fetch(request, call())).get(topicPartition(topic, 0));
      if (!fetched || fetched.error) throw fetched?.error ?? new Error('not in the answer');
      return fetched;
    };
    const filler = client.producer({});
    let rolled = 0;
    // Segments roll, and are cleaned, as more is written.
    await expect
      .poll(
        async () => {
          await put(filler, `filler ${rolled++}`);
          return (await fetchFrom(0n)).records.some(({ offset }) => offset < 5n);
        },
        { timeout: 60_000, interval: 300 },
      )
      .toBe(false);
    const seen: bigint[] = [];
    for (let offset = 0n; ; ) {
      const { records, nextOffset, highWatermark } = await fetchFrom(offset);
      seen.push(...records.map((record) => record.offset));
      if (nextOffset >= highWatermark) break;
      expect(nextOffset).toBeGreaterThan(offset);
      offset = nextOffset;
    }
    expect(seen.at(-1)).toBe(BigInt(4 + rolled));
  });
});
