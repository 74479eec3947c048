import { describe, expect, it } from 'vitest';
import { SubmittedRecords } from '../../../lib/worker/submitted-records.ts';

const at = (n: number, records = 1) => ({ partition: { p: 'a' }, offset: { n }, records });

describe('SubmittedRecords', () => {
  it('offers nothing while the first record is not acknowledged (Invariant 1)', () => {
    const submitted = new SubmittedRecords();
    submitted.submit('a', at(1));
    const second = submitted.submit('a', at(2));
    submitted.acknowledge(second);
    expect(submitted.takeCommittable()).toMatchObject({
      committableRecords: 0,
      uncommittableRecords: 2,
      pendingPartitions: 1,
      largestPending: 2,
    });
  });

  it('offers the offset of the contiguous acknowledged prefix, a partition at a time', () => {
    const submitted = new SubmittedRecords();
    const entries = [1, 2, 3].map((n) => submitted.submit('a', at(n, 10)));
    const other = submitted.submit('b', { partition: { p: 'b' }, offset: { n: 7 }, records: 1 });
    for (const entry of [entries[0], entries[1], other]) if (entry) submitted.acknowledge(entry);
    const { offsets, ...counts } = submitted.takeCommittable();
    expect([...offsets].map(([id, { offset }]) => [id, offset])).toEqual([
      ['a', { n: 2 }],
      ['b', { n: 7 }],
    ]);
    expect(counts).toEqual({
      committableRecords: 21,
      uncommittableRecords: 10,
      pendingPartitions: 1,
      largestPending: 10,
    });
  });

  it('offers an offset once, and follows the order of submission even when offsets go backwards', () => {
    const submitted = new SubmittedRecords();
    const [first, second] = [submitted.submit('a', at(9)), submitted.submit('a', at(3))];
    submitted.acknowledge(second);
    submitted.acknowledge(first);
    expect([...submitted.takeCommittable().offsets.values()].map(({ offset }) => offset)).toEqual([{ n: 3 }]);
    expect(submitted.takeCommittable().offsets.size).toBe(0);
  });

  it('lets what comes after a dropped submission be committed, and drops only what it still holds', () => {
    const submitted = new SubmittedRecords();
    const [first, second] = [submitted.submit('a', at(1)), submitted.submit('a', at(2))];
    submitted.acknowledge(second);
    expect(submitted.drop(first)).toBe(true);
    expect(submitted.drop(first)).toBe(false);
    expect([...submitted.takeCommittable().offsets.values()].map(({ offset }) => offset)).toEqual([{ n: 2 }]);
    expect(submitted.drop(second)).toBe(false);
  });
});
