import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lz4Compress, lz4Decompress } from '../../../../lib/kafka/record-batch/compression/lz4-frame.ts';
import { snappyCompress, snappyDecompress } from '../../../../lib/kafka/record-batch/compression/snappy.ts';
import { xxhash32 } from '../../../../lib/kafka/record-batch/compression/xxhash32.ts';
import {
  sizeOfVarint,
  sizeOfVarlong,
  VarintReader,
  writeVarint,
  writeVarlong,
} from '../../../../lib/kafka/record-batch/varint.ts';

describe('xxHash32', () => {
  it.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ])('of %j is what its author says', (text, hash) => {
    expect(xxhash32(Buffer.from(text))).toBe(hash);
  });
});

describe('variable-length integers', () => {
  it.each([
    [0, [0]],
    [-1, [1]],
    [63, [126]],
    [64, [128, 1]],
    [300, [0xd8, 4]],
    [-(2 ** 31), [255, 255, 255, 255, 15]],
  ])('write %j as Kafka does', (value, bytes) => {
    const buffer = Buffer.alloc(10);
    expect([...buffer.subarray(0, writeVarint(buffer, 0, value))]).toEqual(bytes);
  });

  it('come back, and are as long as announced', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const bytes = Buffer.alloc(10);
        const size = writeVarint(bytes, 0, value);
        expect(size).toBe(sizeOfVarint(value));
        expect(new VarintReader(bytes, 0, size).varint()).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const half = Math.floor(value / 2);
        const bytes = Buffer.alloc(10);
        const size = writeVarlong(bytes, 0, half);
        expect(size).toBe(sizeOfVarlong(half));
        expect(new VarintReader(bytes, 0, size).varlong()).toBe(half);
      }),
    );
  });

  it('refuse to run past the end, or to be endless', () => {
    expect(() => new VarintReader(Buffer.from([128]), 0, 1).varint()).toThrow(RangeError);
    expect(() => new VarintReader(Buffer.alloc(11, 255), 0, 11).varint()).toThrow(/more than 5 bytes/);
    expect(() => new VarintReader(Buffer.alloc(11, 255), 0, 11).varlong()).toThrow(/more than 10 bytes/);
  });
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }),
  fc
    .array(fc.constantFrom('abc', 'abcabc', '0', '\n', '{"name":'), { maxLength: 500 })
    .map((parts) => Buffer.from(parts.join(''))),
  fc.tuple(fc.nat(255), fc.nat(200_000)).map(([byte, length]) => Buffer.alloc(length, byte)),
);

describe.each([
  ['snappy', snappyCompress, snappyDecompress],
  ['lz4', lz4Compress, lz4Decompress],
] as const)('%s', (_name, compress, decompress) => {
  it('gives back what it took', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const buffer = Buffer.from(input);
        expect(buffer.equals(decompress(compress(buffer)))).toBe(true);
      }),
    );
  });

  it('makes repetitive bytes smaller', () => {
    const input = Buffer.from('{"id":1,"name":"somebody"}'.repeat(1_000));
    expect(compress(input).length).toBeLessThan(input.length / 8);
  });

  it('throws on damaged input and never runs on', () => {
    const packed = compress(Buffer.from('some text, some text, some text, and more of it'.repeat(20)));
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Buffer.from(packed);
        damaged[at] = byte;
        try {
          expect(decompress(damaged).length).toBeLessThan(1_000_000);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('snappy', () => {
  it('reads a bare block without framing', () => {
    expect(snappyDecompress(Buffer.from([5, 4 << 2, ...Buffer.from('hello')])).toString()).toBe('hello');
  });
});

describe('lz4', () => {
  it('reads linked blocks, content size and checksums as other writers set them', () => {
    const text = Buffer.from('linked ');
    const block = (body: number[]) => [body.length, 0, 0, 0, ...body, 0, 0, 0, 0];
    const frame = Buffer.from([
      0x04,
      0x22,
      0x4d,
      0x18, // magic
      0x5c,
      0x40, // version 1, linked blocks, block checksum, content size, content checksum; 64 KiB blocks
      14,
      0,
      0,
      0,
      0,
      0,
      0,
      0, // content size
      0, // descriptor checksum
      ...block([text.length << 4, ...text]),
      ...block([0x02, 7, 0, 0x10, 0x21]), // six bytes from seven back, then a literal
      0,
      0,
      0,
      0, // end
      0,
      0,
      0,
      0, // content checksum
    ]);
    expect(lz4Decompress(frame).toString()).toBe('linked linked!');
  });
});
