import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KafkaHeader } from '../../../../lib/kafka/ports.ts';
import { BatchBuilder, noProducer, stampProducer } from '../../../../lib/kafka/record-batch/batch-builder.ts';
import { readBatches } from '../../../../lib/kafka/record-batch/read-batches.ts';

const library = createRequire(import.meta.url);

interface LibraryRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | readonly Buffer[] | null>>;
}
interface LibraryEncoder {
  readonly buffer: Buffer;
}

const Decoder = library('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => unknown;
const decodeBatch = library('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: unknown,
) => Promise<{ readonly records: readonly LibraryRecord[] }>;
const encodeRecord = library('kafkajs/src/protocol/recordBatch/record/v0') as (
  record: object,
) => LibraryEncoder;
const { RecordBatch: encodeBatch } = library('kafkajs/src/protocol/recordBatch/v0') as {
  readonly RecordBatch: (batch: object) => Promise<LibraryEncoder>;
};
const Long = library('kafkajs/src/utils/long') as { readonly fromValue: (value: number) => unknown };

const bytes = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each));
/** Keys without repetition: kafkajs makes an object of headers, which neither keeps their order nor a key `1`. */
const headers = fc.uniqueArray(
  fc.record({
    key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((key) => `h${key}`),
    value: bytes,
  }),
  { selector: ({ key }) => key, maxLength: 4 },
);
const records = fc.array(
  fc.record({
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers,
    timestamp: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  }),
  { minLength: 1, maxLength: 40 },
);
/** kafkajs brings no other codecs. */
const compressions = fc.constantFrom(['none', 0] as const, ['gzip', 1] as const);

const plain = (each: {
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers: readonly KafkaHeader[];
  timestamp: number;
}) => ({
  key: each.key && Buffer.from(each.key).toString('hex'),
  value: each.value && Buffer.from(each.value).toString('hex'),
  headers: [...each.headers].map(({ key, value }) => [key, Buffer.from(value ?? []).toString('hex')]),
  timestamp: each.timestamp,
});

describe('the record batch codec beside that of kafkajs', () => {
  it('writes what kafkajs reads', async () => {
    await fc.assert(
      fc.asyncProperty(records, compressions, async (content, [compression]) => {
        const builder = new BatchBuilder(Buffer.allocUnsafe(200_000));
        for (const record of content) expect(builder.append(record, record.timestamp)).toBe(true);
        const batch = builder.finish(compression);
        stampProducer(batch, noProducer);
        const read = await decodeBatch(new Decoder(batch));
        expect(read.records.map(({ offset }) => Number(offset))).toEqual(content.map((_, index) => index));
        const seen = read.records.map((record) =>
          plain({
            ...record,
            headers: Object.entries(record.headers).map(([key, value]) => ({ key, value: value as Buffer })),
            timestamp: Number(record.timestamp),
          }),
        );
        expect(seen).toEqual(content.map(plain));
      }),
    );
  });

  it('reads what kafkajs writes, with a CRC that is right', async () => {
    await fc.assert(
      fc.asyncProperty(records, compressions, async (content, [, code]) => {
        const firstTimestamp = content[0]?.timestamp ?? 0;
        const encoded = content.map(({ key, value, headers: ofRecord, timestamp }, offsetDelta) =>
          encodeRecord({
            offsetDelta,
            timestampDelta: timestamp - firstTimestamp,
            key,
            value,
            headers: Object.fromEntries(ofRecord.map((header) => [header.key, header.value])),
          }),
        );
        const { buffer } = await encodeBatch({
          compression: code,
          firstOffset: Long.fromValue(0),
          firstTimestamp,
          maxTimestamp: Math.max(...content.map(({ timestamp }) => timestamp)),
          lastOffsetDelta: content.length - 1,
          records: encoded,
        });
        const read = readBatches({
          bytes: buffer,
          fromOffset: 0n,
          isolation: 'read_uncommitted',
          aborted: [],
        });
        expect(read.nextOffset).toBe(BigInt(content.length));
        expect(read.records.map(plain)).toEqual(content.map(plain));
      }),
    );
  });
});
