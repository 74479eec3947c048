import { describe, expect, it } from 'vitest';
import { BatchBuffers } from '../../../../lib/kafka/record-batch/batch-buffers.ts';

const kilobytes = 1024;

describe('buffers of batches', () => {
  it('are used again once they are given back, and never by two batches at a time', () => {
    const buffers = new BatchBuffers();
    const [first, second] = [buffers.take(100 * kilobytes), buffers.take(100 * kilobytes)];
    expect(second.buffer).not.toBe(first.buffer);
    buffers.give(first);
    expect(buffers.take(120 * kilobytes)).toBe(first);
    expect(buffers.take(100 * kilobytes).buffer).not.toBe(first.buffer);
  });

  it('are large enough', () => {
    const buffers = new BatchBuffers();
    buffers.give(buffers.take(70 * kilobytes));
    for (const size of [1, 70, 500, 4_000])
      expect(buffers.take(size * kilobytes).length).toBeGreaterThanOrEqual(size * kilobytes);
  });

  it('that are given back are kept up to a number, the larger ones', () => {
    const buffers = new BatchBuffers();
    const small = Array.from({ length: 8 }, () => buffers.take(64 * kilobytes));
    const large = buffers.take(1_000 * kilobytes);
    for (const buffer of [...small, large]) buffers.give(buffer);
    expect(buffers.take(900 * kilobytes)).toBe(large);
    const again = Array.from({ length: 8 }, () => buffers.take(64 * kilobytes));
    expect(again.filter((buffer) => small.includes(buffer))).toHaveLength(7);
  });
});
