import { describe, expect, it } from 'vitest';
import { KafkaError } from '../../kafka/kafka-error.ts';
import { type KafkaProbe } from './kafka-probe.ts';

/** Part of the Kafka client suite: topics are created and described. */
export function describeTopics(probe: () => KafkaProbe): void {
  describe('topics', () => {
    it('describes the topics that exist and leaves out the others', async () => {
      const topic = await probe().newTopic(3);
      const described = await probe().client.describeTopics([topic, `${topic}-missing`], probe().call());
      expect([...described.keys()]).toEqual([topic]);
      expect(described.get(topic)?.partitions.map(({ partition }) => partition)).toEqual([0, 1, 2]);
      expect(described.get(topic)?.partitions.every(({ leader }) => leader >= 0)).toBe(true);
    });

    it('lists topics without internal ones', async () => {
      const topic = await probe().newTopic();
      const listed = await probe().client.listTopics(probe().call());
      expect(listed).toContain(topic);
      expect(listed.filter((name) => name.startsWith('__'))).toEqual([]);
    });

    it('leaves a topic that exists as it is, and says so', async () => {
      const topic = await probe().newTopic(2);
      const again = await probe().client.createTopics(
        [{ topic, partitions: 5, replicationFactor: -1 }],
        probe().call(),
      );
      expect(again).toEqual({ created: [], existing: [topic] });
      expect(
        (await probe().client.describeTopics([topic], probe().call())).get(topic)?.partitions,
      ).toHaveLength(2);
    });

    it('takes the default number of partitions for -1', async () => {
      expect((await probe().client.describeTopics([await probe().newTopic(-1)], probe().call())).size).toBe(
        1,
      );
    });

    it('refuses a name that is no topic name with an error that cannot be retried', async () => {
      const creation = probe().client.createTopics(
        [{ topic: 'no spaces', partitions: 1, replicationFactor: -1 }],
        probe().call(),
      );
      await expect(creation).rejects.toMatchObject({
        kafkaName: 'INVALID_TOPIC_EXCEPTION',
        retriable: false,
      });
      await expect(creation).rejects.toBeInstanceOf(KafkaError);
    });
  });
}
