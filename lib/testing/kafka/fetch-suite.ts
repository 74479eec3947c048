import { describe, expect, it } from 'vitest';
import { topicPartition } from '../../api/topic-partition.ts';
import { type KafkaProbe, requestFor, recordFor, textsOf } from './kafka-probe.ts';

/** Part of the Kafka client suite: positions, long polls, limits. */
export function describeFetch(probe: () => KafkaProbe): void {
  describe('fetch', () => {
    it('starts at the offset asked for, also in the middle of a batch', async () => {
      const topic = await probe().newTopic();
      await probe().send(['a', 'b', 'c', 'd'].map((value) => recordFor(topic, value)));
      const { records, nextOffset } = await probe().fetchAt(topic, 2n);
      expect([textsOf(records), nextOffset]).toEqual([['c', 'd'], 4n]);
    });

    it('gives nothing at the end of the log, and the watermarks', async () => {
      const topic = await probe().newTopic();
      await probe().send([recordFor(topic, 'a')]);
      const { records, nextOffset, highWatermark, lastStableOffset, logStartOffset } = await probe().fetchAt(
        topic,
        1n,
        { maxWaitMs: 50 },
      );
      expect(records).toEqual([]);
      expect([nextOffset, highWatermark, lastStableOffset, logStartOffset]).toEqual([1n, 1n, 1n, 0n]);
    });

    it('that waits is answered as soon as a record comes', async () => {
      const topic = await probe().newTopic(2);
      const waiting = probe().client.fetch(
        requestFor(
          [0, 1].map((partition) => ({ topic, partition, offset: 0n })),
          { maxWaitMs: 60_000 },
        ),
        probe().call(70_000),
      );
      await probe().send([recordFor(topic, 'at last', { partition: 1 })]);
      expect(textsOf((await waiting).get(topicPartition(topic, 1))?.records ?? [])).toEqual(['at last']);
    });

    it('that waits does not hold up others of the same client', async () => {
      const [silent, busy] = [await probe().newTopic(), await probe().newTopic()];
      const stop = new AbortController();
      const waiting = probe().client.fetch(
        requestFor([{ topic: silent, partition: 0, offset: 0n }], { maxWaitMs: 60_000 }),
        {
          ...probe().call(70_000),
          signal: stop.signal,
        },
      );
      await probe().send([recordFor(busy, 'here')]);
      expect(textsOf((await probe().fetchAt(busy, 0n)).records)).toEqual(['here']);
      stop.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
    });

    it('keeps to maxBytes and still moves on', async () => {
      const topic = await probe().newTopic();
      const producer = probe().client.producer({});
      for (const letter of 'abcdef')
        await producer.send([recordFor(topic, letter.repeat(10_000))], probe().call());
      await producer.close();
      const seen: string[] = [];
      for (let offset = 0n; offset < 6n; ) {
        const { records, nextOffset } = await probe().fetchAt(topic, offset, { maxBytes: 15_000 });
        expect(records.length).toBe(1);
        seen.push(...textsOf(records).map((value) => value?.slice(0, 1) ?? ''));
        offset = nextOffset;
      }
      expect(seen).toEqual([...'abcdef']);
    });

    it('answers an offset beyond the log with OFFSET_OUT_OF_RANGE for that partition alone', async () => {
      const topic = await probe().newTopic(2);
      await probe().send([recordFor(topic, 'a')]);
      const assignments = [
        { topic, partition: 0, offset: 0n },
        { topic, partition: 1, offset: 99n },
      ];
      const fetched = await probe().fetchEach(assignments);
      expect(textsOf(fetched.get(topicPartition(topic, 0))?.records ?? [])).toEqual(['a']);
      const failed = fetched.get(topicPartition(topic, 1));
      expect(failed).toMatchObject({ nextOffset: 99n, records: [] });
      expect(failed?.error).toMatchObject({
        kafkaName: 'OFFSET_OUT_OF_RANGE',
        retriable: false,
        topic,
        partition: 1,
      });
    });

    it('answers a partition that does not exist with its error, and the others with their records', async () => {
      const topic = await probe().newTopic();
      await probe().send([recordFor(topic, 'a')]);
      const assignments = [
        { topic, partition: 0, offset: 0n },
        { topic, partition: 9, offset: 0n },
      ];
      const fetched = await probe().fetchEach(assignments);
      expect(textsOf(fetched.get(topicPartition(topic, 0))?.records ?? [])).toEqual(['a']);
      expect(fetched.get(topicPartition(topic, 9))?.error).toMatchObject({
        kafkaName: 'UNKNOWN_TOPIC_OR_PARTITION',
      });
    });

    it('of nothing answers nothing', async () => {
      expect(await probe().client.fetch(requestFor([]), probe().call())).toEqual(new Map());
    });
  });
}
