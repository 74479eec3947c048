import { describe, expect, it } from 'vitest';
import { topicPartition } from '../../api/topic-partition.ts';
import { compressionTypes, type KafkaRecord, type ProduceRecord } from '../../kafka/ports.ts';
import { type KafkaProbe, recordFor, textOf, textsOf } from './kafka-probe.ts';

/** Part of the Kafka client suite: records come back as they were sent, in order. */
export function describeRecords(probe: () => KafkaProbe): void {
  describe('records', () => {
    it('come back as they were sent: bytes, nulls, headers, timestamps', async () => {
      const topic = await probe().newTopic();
      const sent: ProduceRecord[] = [
        recordFor(topic, 'value', { key: Buffer.from('key'), timestamp: 1_600_000_000_000 }),
        recordFor(topic, null, { key: Buffer.from([0, 255]) }),
        recordFor(topic, ''),
        recordFor(topic, 'headers', {
          headers: [
            { key: 'a', value: Buffer.from('1') },
            { key: 'a', value: null },
            { key: 'ünï', value: Buffer.alloc(0) },
          ],
        }),
      ];
      await probe().send(sent);
      const { records, nextOffset, highWatermark } = await probe().fetchAt(topic, 0n);
      expect([nextOffset, highWatermark]).toEqual([4n, 4n]);
      const hex = (bytes: Uint8Array | string | null) =>
        bytes === null ? null : Buffer.from(bytes as Uint8Array).toString('hex');
      const plain = (r: KafkaRecord | ProduceRecord) => ({
        key: hex(r.key),
        value: hex(r.value),
        timestamp: r.timestamp,
        headers: (r.headers ?? []).map((header) => [header.key, hex(header.value)]),
      });
      expect(records.map(plain)).toEqual(sent.map(plain));
      expect(records.map(({ offset, timestampType }) => [offset, timestampType])).toEqual(
        [0n, 1n, 2n, 3n].map((offset) => [offset, 'CreateTime']),
      );
    });

    it('without a timestamp get the time of the send', async () => {
      const topic = await probe().newTopic();
      const before = probe().clock.now();
      await probe().send([recordFor(topic, 'x', { timestamp: null })]);
      const { records } = await probe().fetchAt(topic, 0n);
      expect(records[0]?.timestamp).toBeGreaterThanOrEqual(before);
      expect(records[0]?.timestamp).toBeLessThanOrEqual(probe().clock.now());
    });

    it('keep their order on each partition, and sends tell their base offsets', async () => {
      const topic = await probe().newTopic(3);
      const producer = probe().client.producer({});
      const numbers = Array.from({ length: 90 }, (_, index) => index);
      const bases: Record<number, bigint[]> = { 0: [], 1: [], 2: [] };
      for (const start of [0, 30, 60]) {
        const part = numbers
          .slice(start, start + 30)
          .map((n) => recordFor(topic, String(n), { partition: n % 3 }));
        const produced = await producer.send(part, probe().call());
        for (const partition of [0, 1, 2])
          bases[partition]?.push(produced.get(topicPartition(topic, partition))?.baseOffset ?? -1n);
      }
      await producer.close();
      expect(bases).toEqual({ 0: [0n, 10n, 20n], 1: [0n, 10n, 20n], 2: [0n, 10n, 20n] });
      const read = await probe().readAll(topic, 3);
      for (const partition of [0, 1, 2]) {
        expect(textsOf(read[partition] ?? [])).toEqual(
          numbers.filter((n) => n % 3 === partition).map(String),
        );
      }
    });

    it('of sends that overlap keep the order in which they were sent', async () => {
      const topic = await probe().newTopic();
      const producer = probe().client.producer({});
      const sends = Array.from({ length: 40 }, (_, index) =>
        producer.send([recordFor(topic, String(index))], probe().call()),
      );
      for (const produced of await Promise.all(sends))
        expect(produced.get(topicPartition(topic, 0))?.error).toBeUndefined();
      await producer.close();
      expect(textsOf((await probe().readAll(topic))[0] ?? [])).toEqual(
        sends.map((_, index) => String(index)),
      );
    });

    it('of several megabytes go in one send and keep their order', async () => {
      const topic = await probe().newTopic();
      const filler = 'x'.repeat(10_000);
      const produced = await probe().send(
        Array.from({ length: 600 }, (_, index) => recordFor(topic, `${index} ${filler}`)),
      );
      expect(produced.get(topicPartition(topic, 0))).toEqual({ baseOffset: 0n, bytes: expect.any(Number) });
      const read = (await probe().readAll(topic))[0] ?? [];
      expect(read.map(({ value }) => Number.parseInt(textOf(value) ?? '', 10))).toEqual(
        Array.from({ length: 600 }, (_, index) => index),
      );
    });

    for (const compression of compressionTypes) {
      it(`are the same when compressed with ${compression}`, async () => {
        const topic = await probe().newTopic();
        const producer = probe().client.producer({ compression });
        const values = Array.from({ length: 500 }, (_, index) =>
          JSON.stringify({ index, text: 'the same again and again' }),
        );
        await producer.send(
          values.map((value) => recordFor(topic, value)),
          probe().call(),
        );
        await producer.close();
        expect(textsOf((await probe().readAll(topic))[0] ?? [])).toEqual(values);
      });
    }

    for (const compression of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
      it(`are the same when the broker compresses them with ${compression}`, async () => {
        const topic = await probe().newTopic(1, { 'compression.type': compression });
        const values = Array.from(
          { length: 3000 },
          (_, index) => `${index} ${'abcdefgh'.repeat(index % 7)} ${Math.imul(index, 2654435761)}`,
        );
        await probe().send(values.map((value) => recordFor(topic, value)));
        expect(textsOf((await probe().readAll(topic))[0] ?? [])).toEqual(values);
      });
    }

    it('are acknowledged as asked: by the leader alone, or not at all', async () => {
      const topic = await probe().newTopic();
      for (const acks of [1, 0] as const) {
        const producer = probe().client.producer({ acks, idempotent: false });
        const produced = await producer.send([recordFor(topic, `acks ${acks}`)], probe().call());
        expect(produced.get(topicPartition(topic, 0))?.error).toBeUndefined();
        await producer.close();
      }
      let seen: (string | null)[] = [];
      while (seen.length < 2) seen = textsOf((await probe().fetchAt(topic, 0n)).records);
      expect(seen).toEqual(['acks 1', 'acks 0']);
    });
  });
}
