import { describe, expect, it } from 'vitest';
import { endMarker } from '../../../../lib/kafka/dev-broker/control-batch.ts';
import { BatchBuilder, stampProducer } from '../../../../lib/kafka/record-batch/batch-builder.ts';
import { batchLayout } from '../../../../lib/kafka/record-batch/batch-header.ts';
import { readBatches, type AbortedTransaction } from '../../../../lib/kafka/record-batch/read-batches.ts';

/** A log made of batches at given offsets, as a broker answers it. */
class Log {
  readonly #batches: Buffer[] = [];

  data(offset: bigint, producerId: bigint, values: string[], key: Uint8Array | null = null): this {
    const builder = new BatchBuilder(Buffer.allocUnsafe(10_000));
    for (const value of values) builder.append({ key, value: Buffer.from(value) }, 0);
    const batch = builder.finish('none');
    stampProducer(batch, { producerId, producerEpoch: 0, baseSequence: 0 }, producerId >= 0n);
    return this.#add(offset, batch);
  }

  /** By a producer with an id, outside of any transaction. */
  idempotent(offset: bigint, producerId: bigint, value: string): this {
    const builder = new BatchBuilder(Buffer.allocUnsafe(1_000));
    builder.append({ key: null, value: Buffer.from(value) }, 0);
    const batch = builder.finish('none');
    stampProducer(batch, { producerId, producerEpoch: 0, baseSequence: 0 });
    return this.#add(offset, batch);
  }

  marker(offset: bigint, producerId: bigint, committed: boolean): this {
    return this.#add(offset, endMarker({ producerId, producerEpoch: 0, committed }, 0));
  }

  /** What compaction leaves of a batch whose records are all gone. */
  emptied(offset: bigint, producerId: bigint, lastOffsetDelta: number): this {
    const builder = new BatchBuilder(Buffer.allocUnsafe(10_000));
    builder.append({ key: null, value: null }, 0);
    const batch = Buffer.from(builder.finish('none').subarray(0, batchLayout.records));
    batch.writeInt32BE(batch.length - 12, batchLayout.length);
    batch.writeInt32BE(lastOffsetDelta, batchLayout.lastOffsetDelta);
    batch.writeInt32BE(0, batchLayout.recordCount);
    stampProducer(batch, { producerId, producerEpoch: 0, baseSequence: 0 }, producerId >= 0n);
    return this.#add(offset, batch);
  }

  /** Flips a bit in the last batch. */
  damage(): this {
    const last = this.#batches.at(-1);
    if (last) last[last.length - 2] = (last[last.length - 2] ?? 0) ^ 1;
    return this;
  }

  read(fromOffset: bigint, aborted: AbortedTransaction[]) {
    const { records, nextOffset } = readBatches({
      bytes: Buffer.concat(this.#batches),
      fromOffset,
      isolation: 'read_committed',
      aborted,
    });
    return { values: records.map(({ value }) => Buffer.from(value ?? []).toString()), nextOffset };
  }

  #add(offset: bigint, batch: Buffer): this {
    batch.writeBigInt64BE(offset, batchLayout.baseOffset);
    this.#batches.push(batch);
    return this;
  }
}

const aborted = (producerId: bigint, firstOffset: bigint): AbortedTransaction => ({
  producerId,
  firstOffset,
});

describe('the read_committed filter', () => {
  it('drops two aborted transactions that interleave, whatever the order of the list', () => {
    const log = new Log()
      .data(0n, 1n, ['a1'])
      .data(1n, 2n, ['b1'])
      .data(2n, 1n, ['a2'])
      .marker(3n, 1n, false)
      .data(4n, 2n, ['b2'])
      .marker(5n, 2n, false)
      .data(6n, -1n, ['plain']);
    for (const list of [
      [aborted(1n, 0n), aborted(2n, 1n)],
      [aborted(2n, 1n), aborted(1n, 0n)],
    ]) {
      expect(log.read(0n, list)).toEqual({ values: ['plain'], nextOffset: 7n });
    }
  });

  it('starts inside aborted transactions', () => {
    const log = new Log()
      .data(4n, 1n, ['a2'])
      .data(5n, 2n, ['b2'])
      .marker(6n, 1n, false)
      .marker(7n, 2n, false)
      .data(8n, 1n, ['next'])
      .marker(9n, 1n, true);
    expect(log.read(4n, [aborted(1n, 0n), aborted(2n, 1n)])).toEqual({ values: ['next'], nextOffset: 10n });
  });

  it('does not take a data record for an abort marker', () => {
    const lookalike = Buffer.from([0, 0, 0, 0]);
    const log = new Log()
      .data(0n, 1n, ['fake'], lookalike)
      .data(1n, 1n, ['dropped'])
      .marker(2n, 1n, false)
      .data(3n, -1n, ['kept'], lookalike);
    expect(log.read(0n, [aborted(1n, 0n)])).toEqual({ values: ['kept'], nextOffset: 4n });
  });

  it('keeps what one producer committed before and after it aborted', () => {
    const log = new Log()
      .data(0n, 1n, ['before'])
      .marker(1n, 1n, true)
      .data(2n, 1n, ['aborted'])
      .marker(3n, 1n, false)
      .data(4n, 1n, ['after'])
      .marker(5n, 1n, true);
    expect(log.read(0n, [aborted(1n, 2n)])).toEqual({ values: ['before', 'after'], nextOffset: 6n });
  });

  it('moves over batches and markers that compaction emptied', () => {
    const log = new Log()
      .emptied(0n, -1n, 41)
      .emptied(42n, 1n, 7)
      .data(50n, -1n, ['left'])
      .emptied(51n, 2n, 8);
    expect(log.read(0n, [])).toEqual({ values: ['left'], nextOffset: 60n });
    expect(new Log().emptied(7n, 3n, 2).read(7n, [])).toEqual({ values: [], nextOffset: 10n });
  });

  it('does not filter what an aborted producer sent outside of a transaction', () => {
    const log = new Log().data(0n, 1n, ['aborted']).idempotent(1n, 1n, 'kept');
    expect(log.read(0n, [aborted(1n, 0n)])).toEqual({ values: ['kept'], nextOffset: 2n });
  });

  it('does not filter batches without a producer, or of another one', () => {
    const log = new Log().data(0n, -1n, ['plain']).data(1n, 2n, ['other']).data(2n, 1n, ['gone']);
    expect(log.read(0n, [aborted(1n, 0n)])).toEqual({ values: ['plain', 'other'], nextOffset: 3n });
  });

  it('delivers what lies before a damaged batch, and fails at the batch itself', () => {
    const log = new Log().data(0n, -1n, ['a', 'b']).data(2n, -1n, ['damaged'], null).damage();
    expect(log.read(0n, [])).toEqual({ values: ['a', 'b'], nextOffset: 2n });
    expect(() => new Log().data(2n, -1n, ['damaged']).damage().read(2n, [])).toThrow(/CRC/);
  });
});
