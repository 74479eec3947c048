import { describe, expect, it } from 'vitest';
import type { KafkaProbe } from './kafka-probe.ts';

/** Part of the Kafka client suite: offsets that tools for lag find. */
export function describeGroupOffsets(probe: () => KafkaProbe): void {
  describe('offsets of a consumer group', () => {
    it('are stored without joining the group, and replaced by later ones', async () => {
      const [one, two] = [await probe().newTopic(2), await probe().newTopic()];
      const group = `connect-${one}`;
      const commit = (...offsets: [string, number, bigint][]) =>
        probe().client.commitGroupOffsets(
          group,
          offsets.map(([topic, partition, offset]) => ({ topic, partition, offset })),
          probe().call(),
        );
      await commit([one, 0, 7n], [one, 1, 8n], [two, 0, 9_007_199_254_740_993n]);
      await commit([one, 0, 10n]);
      expect([
        await probe().groupOffset(group, one),
        await probe().groupOffset(group, one, 1),
        await probe().groupOffset(group, two),
        await probe().groupOffset(`${group}-other`, one),
      ]).toEqual([10n, 8n, 9_007_199_254_740_993n, undefined]);
    });

    it('of a partition that does not exist are an error, the others are stored', async () => {
      const topic = await probe().newTopic();
      const group = `connect-${topic}`;
      const offsets = [9, 0].map((partition) => ({ topic, partition, offset: 3n }));
      await expect(probe().client.commitGroupOffsets(group, offsets, probe().call())).rejects.toMatchObject({
        kafkaName: 'UNKNOWN_TOPIC_OR_PARTITION',
        topic,
        partition: 9,
      });
      expect(await probe().groupOffset(group, topic)).toBe(3n);
    });

    it('none at all change nothing', async () => {
      const topic = await probe().newTopic();
      const group = `connect-${topic}`;
      await probe().client.commitGroupOffsets(group, [{ topic, partition: 0, offset: 3n }], probe().call());
      await probe().client.commitGroupOffsets(group, [], probe().call());
      expect(await probe().groupOffset(group, topic)).toBe(3n);
    });
  });
}
