import { describe, expect, it } from 'vitest';
import { topicPartition } from '../../api/topic-partition.ts';
import { type KafkaProbe, recordFor, textsOf } from './kafka-probe.ts';

/** Part of the Kafka client suite: one partition fails, the others do not. */
export function describeRefusals(probe: () => KafkaProbe): void {
  describe('records that a broker refuses', () => {
    it('too large for the topic fail alone, with the reason, and later ones pass', async () => {
      const topic = await probe().newTopic(2, { 'max.message.bytes': '20000' });
      const producer = probe().client.producer({});
      const produced = await producer.send(
        [recordFor(topic, 'x'.repeat(30_000)), recordFor(topic, 'small', { partition: 1 })],
        probe().call(),
      );
      expect(produced.get(topicPartition(topic, 0))?.error).toMatchObject({
        kafkaName: 'MESSAGE_TOO_LARGE',
        retriable: false,
      });
      expect(produced.get(topicPartition(topic, 1))).toEqual({ baseOffset: 0n, bytes: expect.any(Number) });
      const after = await producer.send([recordFor(topic, 'fits')], probe().call());
      expect(after.get(topicPartition(topic, 0))).toEqual({ baseOffset: 0n, bytes: expect.any(Number) });
      await producer.close();
    });

    it('that are too many for one batch of the topic are sent in smaller ones', async () => {
      const topic = await probe().newTopic(1, { 'max.message.bytes': '20000' });
      const values = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(1000)}`);
      const produced = await probe().send(values.map((value) => recordFor(topic, value)));
      expect(produced.get(topicPartition(topic, 0))).toEqual({ baseOffset: 0n, bytes: expect.any(Number) });
      expect(textsOf((await probe().readAll(topic))[0] ?? [])).toEqual(values);
    });

    it('for a partition that does not exist fail alone', async () => {
      const topic = await probe().newTopic();
      const produced = await probe().send([
        recordFor(topic, 'there'),
        recordFor(topic, 'nowhere', { partition: 7 }),
      ]);
      expect(produced.get(topicPartition(topic, 0))).toEqual({ baseOffset: 0n, bytes: expect.any(Number) });
      expect(produced.get(topicPartition(topic, 7))?.error).toMatchObject({
        kafkaName: 'UNKNOWN_TOPIC_OR_PARTITION',
        topic,
        partition: 7,
      });
    });

    it('without a key are refused by a compacted topic', async () => {
      const topic = await probe().newTopic(1, { 'cleanup.policy': 'compact' });
      const produced = await probe().send([recordFor(topic, 'x')]);
      expect(produced.get(topicPartition(topic, 0))?.error).toMatchObject({
        kafkaName: 'INVALID_RECORD',
        retriable: false,
      });
    });
  });
}
