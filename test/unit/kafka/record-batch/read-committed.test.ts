import { describe, expect, it } from 'vitest';
import { readBatches, type AbortedTransaction } from '../../../../lib/kafka/record-batch/read-batches.ts';
import { BatchLog } from './batch-log.ts';

const read = (log: BatchLog, fromOffset: bigint, aborted: readonly AbortedTransaction[]) => {
  const { records, nextOffset } = readBatches({
    bytes: log.bytes(),
    fromOffset,
    isolation: 'read_committed',
    aborted,
  });
  return { values: records.map(({ value }) => Buffer.from(value ?? []).toString()), nextOffset };
};

const aborted = (producerId: bigint, firstOffset: bigint): AbortedTransaction => ({
  producerId,
  firstOffset,
});

describe('the read_committed filter', () => {
  it('drops two aborted transactions that interleave, whatever the order of the list', () => {
    const log = new BatchLog()
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
      expect(read(log, 0n, list)).toEqual({ values: ['plain'], nextOffset: 7n });
    }
  });

  it('starts inside aborted transactions', () => {
    const log = new BatchLog()
      .data(4n, 1n, ['a2'])
      .data(5n, 2n, ['b2'])
      .marker(6n, 1n, false)
      .marker(7n, 2n, false)
      .data(8n, 1n, ['next'])
      .marker(9n, 1n, true);
    expect(read(log, 4n, [aborted(1n, 0n), aborted(2n, 1n)])).toEqual({ values: ['next'], nextOffset: 10n });
  });

  it('does not take a data record for an abort marker', () => {
    const lookalike = Buffer.from([0, 0, 0, 0]);
    const log = new BatchLog()
      .data(0n, 1n, ['fake'], lookalike)
      .data(1n, 1n, ['dropped'])
      .marker(2n, 1n, false)
      .data(3n, -1n, ['kept'], lookalike);
    expect(read(log, 0n, [aborted(1n, 0n)])).toEqual({ values: ['kept'], nextOffset: 4n });
  });

  it('keeps what one producer committed before and after it aborted', () => {
    const log = new BatchLog()
      .data(0n, 1n, ['before'])
      .marker(1n, 1n, true)
      .data(2n, 1n, ['aborted'])
      .marker(3n, 1n, false)
      .data(4n, 1n, ['after'])
      .marker(5n, 1n, true);
    expect(read(log, 0n, [aborted(1n, 2n)])).toEqual({ values: ['before', 'after'], nextOffset: 6n });
  });

  it('moves over batches and markers that compaction emptied', () => {
    const log = new BatchLog()
      .emptied(0n, -1n, 41)
      .emptied(42n, 1n, 7)
      .data(50n, -1n, ['left'])
      .emptied(51n, 2n, 8);
    expect(read(log, 0n, [])).toEqual({ values: ['left'], nextOffset: 60n });
    expect(read(new BatchLog().emptied(7n, 3n, 2), 7n, [])).toEqual({ values: [], nextOffset: 10n });
  });

  it('does not filter what an aborted producer sent outside of a transaction', () => {
    const log = new BatchLog().data(0n, 1n, ['aborted']).idempotent(1n, 1n, 'kept');
    expect(read(log, 0n, [aborted(1n, 0n)])).toEqual({ values: ['kept'], nextOffset: 2n });
  });

  it('does not filter batches without a producer, or of another one', () => {
    const log = new BatchLog().data(0n, -1n, ['plain']).data(1n, 2n, ['other']).data(2n, 1n, ['gone']);
    expect(read(log, 0n, [aborted(1n, 0n)])).toEqual({ values: ['plain', 'other'], nextOffset: 3n });
  });

  it('delivers what lies before a damaged batch, and fails at the batch itself', () => {
    const log = new BatchLog().data(0n, -1n, ['a', 'b']).data(2n, -1n, ['damaged'], null).damage();
    expect(read(log, 0n, [])).toEqual({ values: ['a', 'b'], nextOffset: 2n });
    expect(() => read(new BatchLog().data(2n, -1n, ['damaged']).damage(), 2n, [])).toThrow(/CRC/);
  });
});
