import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { BatchBuilder, noProducer, stampProducer } from '../../../../lib/kafka/record-batch/batch-builder.ts';
import { readBatchHeader } from '../../../../lib/kafka/record-batch/batch-header.ts';
import { readBatches } from '../../../../lib/kafka/record-batch/read-batches.ts';
import { compressionTypes, type KafkaHeader } from '../../../../lib/kafka/ports.ts';

interface Content {
  key: Uint8Array | null;
  value: Uint8Array | string | null;
  headers?: KafkaHeader[];
  timestamp: number;
}

function encode(records: Content[], compression: (typeof compressionTypes)[number] = 'none'): Buffer {
  const builder = new BatchBuilder(Buffer.allocUnsafe(1_000_000));
  for (const record of records) expect(builder.append(record, record.timestamp)).toBe(true);
  const batch = builder.finish(compression);
  stampProducer(batch, noProducer);
  return batch;
}

const decode = (bytes: Buffer, fromOffset = 0n) =>
  readBatches({ bytes, fromOffset, isolation: 'read_uncommitted', aborted: [] });

const utf8 = (text: string): Buffer => Buffer.from(text);

const samples: Content[] = [
  { key: null, value: null, timestamp: 1_700_000_000_000 },
  { key: Buffer.alloc(0), value: Buffer.alloc(0), timestamp: 1_700_000_000_001 },
  { key: utf8('k'), value: utf8('v'.repeat(300)), timestamp: 1_699_999_999_000 },
  {
    key: utf8('schlüssel'),
    value: Buffer.from([0, 255, 128]),
    headers: [
      { key: 'ü', value: utf8('x') },
      { key: '', value: null },
    ],
    timestamp: 0,
  },
  { key: null, value: utf8('far'), timestamp: 4_102_444_800_000 },
];

describe('the record batch codec', () => {
  for (const compression of compressionTypes) {
    it(`reads back what it wrote, compressed with ${compression}`, () => {
      const { records, nextOffset } = decode(encode(samples, compression));
      expect(nextOffset).toBe(5n);
      const seen = records.map(({ offset, timestamp, key, value, headers }) => ({
        offset,
        timestamp,
        key,
        value,
        headers: [...headers],
      }));
      expect(seen).toEqual(
        samples.map((sample, index) => ({ ...sample, headers: sample.headers ?? [], offset: BigInt(index) })),
      );
    });

    it(`compresses a megabyte of repetitive and of random bytes with ${compression}`, () => {
      const random = Buffer.from(
        Array.from({ length: 200_000 }, (_, index) => (Math.imul(index, 2654435761) >>> 13) & 255),
      );
      const repetitive = utf8('{"name":"value","number":17}'.repeat(10_000));
      const { records } = decode(encode([{ key: random, value: repetitive, timestamp: 1 }], compression));
      expect(random.equals(records[0]?.key ?? Buffer.alloc(0))).toBe(true);
      expect(repetitive.equals(records[0]?.value ?? Buffer.alloc(0))).toBe(true);
    });
  }

  it('writes text as its UTF-8, whatever the lengths take', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
      // Where one byte more makes the length of the value, or of the record, longer.
      fc.integer({ min: 50, max: 70 }).map((length) => `${'a'.repeat(length)}ł`),
      fc.integer({ min: 8_180, max: 8_200 }).map((length) => `${'é'.repeat(3)}${'a'.repeat(length)}`),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
        const records = (value: (text: string) => string | Uint8Array) =>
          texts.map((each) => ({
            key: null,
            value: value(each.toWellFormed()),
            headers: [{ key: 'h', value: utf8('x') }],
            timestamp: 1,
          }));
        expect(encode(records((each) => each))).toEqual(encode(records(utf8)));
      }),
    );
  });

  it('takes text that just fits, and refuses it where a byte is missing', () => {
    for (const text of ['a'.repeat(60), 'ł'.repeat(40), `${'a'.repeat(62)}ł`, '🚰'.repeat(2_050)]) {
      const size = encode([{ key: null, value: utf8(text), timestamp: 1 }]).length;
      const fits = (room: number) =>
        new BatchBuilder(Buffer.allocUnsafe(room)).append({ key: null, value: text }, 1);
      expect([fits(size), fits(size - 1)]).toEqual([true, false]);
    }
  });

  it('refuses a record that no longer fits and keeps what it has', () => {
    const builder = new BatchBuilder(Buffer.allocUnsafe(100));
    expect(builder.append({ key: null, value: Buffer.alloc(20) }, 1)).toBe(true);
    expect(builder.append({ key: null, value: Buffer.alloc(20) }, 1)).toBe(false);
    const batch = builder.finish('none');
    stampProducer(batch, noProducer);
    expect(decode(batch).records).toHaveLength(1);
  });

  it('leaves a batch that is cut off for the next fetch', () => {
    const batch = encode(samples);
    const second = Buffer.from(batch);
    second.writeBigInt64BE(5n);
    for (const cut of [1, 30, 61, batch.length - 1]) {
      const { records, nextOffset } = decode(Buffer.concat([batch, second.subarray(0, cut)]));
      expect([records.length, nextOffset]).toEqual([5, 5n]);
    }
    expect(decode(batch.subarray(0, 50), 3n).nextOffset).toBe(3n);
  });

  it('gives only the records from the offset asked for', () => {
    const { records } = decode(encode(samples), 3n);
    expect(records.map((record) => record.offset)).toEqual([3n, 4n]);
  });

  it('advances over an empty batch that compaction left', () => {
    const batch = encode(samples);
    const empty = batch.subarray(0, 61);
    empty.writeInt32BE(61 - 12, 8);
    empty.writeInt32BE(0, 57);
    stampProducer(empty, noProducer);
    expect(decode(empty)).toEqual({ records: [], nextOffset: 5n });
  });

  it('gives every record the time of the append where the broker stamps it', () => {
    const batch = encode(samples);
    batch.writeInt16BE(batch.readInt16BE(21) | 0x08, 21);
    batch.writeBigInt64BE(77n, 35);
    stampProducer(batch, noProducer);
    const { records } = decode(batch);
    expect(records.map((record) => [record.timestamp, record.timestampType])).toEqual(
      samples.map(() => [77, 'LogAppendTime']),
    );
  });

  it('finds every flipped bit behind the CRC', () => {
    for (const at of [21, 40, 61, 80]) {
      const batch = encode(samples);
      batch[at] = (batch[at] ?? 0) ^ 1;
      expect(() => decode(batch)).toThrow(/CRC/);
    }
  });

  it('names what it cannot read: an old format, an unknown codec, bytes that are not compressed', () => {
    const old = encode(samples);
    old[16] = 1;
    expect(() => decode(old)).toThrow(/format version 1/);
    const unknown = encode(samples);
    unknown.writeInt16BE(5, 21);
    stampProducer(unknown, noProducer);
    expect(() => decode(unknown)).toThrow(/codec 5/);
    for (const code of [1, 2, 3, 4]) {
      const broken = encode(samples);
      broken.writeInt16BE(code, 21);
      stampProducer(broken, noProducer);
      expect(() => decode(broken)).toThrow(/cannot be unpacked/);
    }
  });

  it('refuses a record that reaches past its batch', () => {
    const batch = encode([{ key: null, value: utf8('abc'), timestamp: 1 }]);
    batch[61] = 100;
    stampProducer(batch, noProducer);
    expect(() => decode(batch)).toThrow(/cannot be read/);
  });

  it('writes the producer of a batch anew without touching its records', () => {
    const batch = encode(samples, 'gzip');
    stampProducer(batch, { producerId: 7n, producerEpoch: 2, baseSequence: 40 }, true);
    const header = readBatchHeader(batch, 0);
    expect(header).toMatchObject({
      producerId: 7n,
      producerEpoch: 2,
      baseSequence: 40,
      attributes: 0x11,
      recordCount: 5,
    });
    expect(decode(batch).records).toHaveLength(5);
  });

  it('reads a gzip member that another library wrote', () => {
    const batch = encode(samples);
    const packed = Buffer.concat([batch.subarray(0, 61), gzipSync(batch.subarray(61), { level: 9 })]);
    packed.writeInt32BE(packed.length - 12, 8);
    packed.writeInt16BE(1, 21);
    stampProducer(packed, noProducer);
    expect(decode(packed).records).toHaveLength(5);
  });
});
