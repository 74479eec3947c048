import { describe, expect, it } from 'vitest';
import { compare, unexplained } from './comparison.ts';

describe('comparison of what was found with what was generated', () => {
  const counts = (sequence: number[], generated: number) => {
    const { lost, duplicated, disordered, strange } = compare(sequence, generated);
    return { lost, duplicated, disordered, strange };
  };
  const nothing = { lost: 0, duplicated: 0, disordered: 0, strange: 0 };

  it.each([
    ['all of it once', [1, 2, 3], nothing],
    ['one is missing', [1, 3], { ...nothing, lost: 1 }],
    ['nothing is there', [], { ...nothing, lost: 3 }],
    ['one comes again, later', [1, 2, 1, 2, 3], { ...nothing, duplicated: 2 }],
    ['one comes for the first time after a later one', [1, 3, 2], { ...nothing, disordered: 1 }],
    ['a number nobody generated', [1, 2, 3, 4], { ...nothing, strange: 1 }],
    ['text that is no number', [1, 2, Number.NaN, 3], { ...nothing, strange: 1 }],
  ])('%s', (_, sequence, expected) => {
    expect(counts(sequence, 3)).toEqual(expected);
  });

  it('explains a repetition by a run that began before the record, and no other', () => {
    const comparison = compare([1, 2, 3, 2, 3, 4], 4);
    expect(unexplained(comparison, [0, 1])).toEqual([]);
    expect(unexplained(comparison, [0, 2])).toEqual([2]);
    expect(unexplained(comparison, [0])).toEqual([2, 3]);
  });
});
