import { describe, expect, it } from 'vitest';
import { topicPartition } from '../../api/topic-partition.ts';
import { type KafkaProbe, recordFor } from './kafka-probe.ts';

/** Part of the Kafka client suite: offsets are found by place and time. */
export function describeOffsets(probe: () => KafkaProbe): void {
  describe('offsets', () => {
    it('are found at the start, at the end and by time', async () => {
      const topic = await probe().newTopic();
      await probe().send([1_000, 2_000, 3_000].map((timestamp) => recordFor(topic, 'x', { timestamp })));
      const find = async (at: 'earliest' | 'latest' | { timestamp: number }) =>
        (await probe().client.listOffsets([{ topic, partition: 0, at }], probe().call())).get(
          topicPartition(topic, 0),
        );
      expect(await find('earliest')).toEqual({ offset: 0n });
      expect(await find('latest')).toEqual({ offset: 3n });
      expect(await find({ timestamp: 1_500 })).toEqual({ offset: 1n });
      expect(await find({ timestamp: 3_000 })).toEqual({ offset: 2n });
      expect(await find({ timestamp: 3_001 })).toEqual({ offset: -1n });
    });

    it('of a partition that does not exist are an error, the others are answered', async () => {
      const topic = await probe().newTopic();
      const asks = [0, 5].map((partition) => ({ topic, partition, at: 'latest' as const }));
      const answers = await probe().client.listOffsets(asks, probe().call());
      expect(answers.get(topicPartition(topic, 0))).toEqual({ offset: 0n });
      expect(answers.get(topicPartition(topic, 5))).toMatchObject({
        offset: -1n,
        error: { kafkaName: 'UNKNOWN_TOPIC_OR_PARTITION' },
      });
    });
  });
}
