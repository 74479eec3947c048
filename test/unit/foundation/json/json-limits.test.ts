import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLimits, mayExceedLimits } from '../../../../lib/foundation/json/json-limits.ts';

const record = (before: number, digits: number, after: number): string =>
  `{"a":"${'x'.repeat(before)}","n":${'7'.repeat(digits)},"b":"${'x'.repeat(after)}"}`;
const around = fc.integer({ min: 0, max: 2500 });

describe('mayExceedLimits', () => {
  it('finds a number too long wherever it stands', () => {
    fc.assert(
      fc.property(around, fc.integer({ min: 1, max: 2500 }), around, (before, more, after) => {
        expect(mayExceedLimits(record(before, jsonLimits.number + more, after))).toBe(true);
      }),
    );
  });

  it('lets pass numbers as long as they may be', () => {
    fc.assert(
      fc.property(around, fc.integer({ min: 1, max: jsonLimits.number }), around, (before, digits, after) => {
        expect(mayExceedLimits(record(before, digits, after))).toBe(false);
      }),
    );
  });

  it.each([
    [jsonLimits.depth, 0, false],
    [jsonLimits.depth + 1, 0, true],
    [jsonLimits.depth, 1, true],
  ])('judges %i levels %i levels deep', (levels, depth, exceeds) => {
    expect(mayExceedLimits('['.repeat(levels) + ']'.repeat(levels), depth)).toBe(exceeds);
  });
});
