import { describe, expect, it } from 'vitest';
import { VersionRange } from '../../../lib/plugins/version-range.ts';

describe('a range of plugin versions', () => {
  it.each([
    ['4.3.1', '4.3.1', true],
    ['4.3.1', '4.3.0', false],
    ['[4.3.1]', '4.3.1', true],
    ['[4.0,5.0)', '4.3.1', true],
    ['[4.0,5.0)', '5.0', false],
    ['(4.3.1,]', '4.3.1', false],
    ['(,4.3.1]', '4.3.1', true],
    ['[1,2],[4,5]', '4.3.1', true],
    ['[1,2],[4,5]', '3', false],
    ['[4.10,)', '4.9', false],
    ['[1.0,)', '1', true],
    ['(,1.0)', '1.0-rc1', true],
    ['', '4.3.1', false],
    ['x', '4.3.1', false],
  ])('%s: %s is in it: %s', (spec, version, expected) => {
    expect(VersionRange.parse(spec)?.includes(version)).toBe(expected);
  });

  it.each([null, undefined, 'latest'])('is none for %s', (spec) => {
    expect(VersionRange.parse(spec)).toBeNull();
  });

  it.each([
    ['1.0', '[1.0,1.0]'],
    ['[1.0, 2.0)', '[1.0,2.0)'],
    ['', '[,]'],
    ['(,1],[3,)', '(,1],[3,)'],
  ])('%j is shown as %s', (spec, text) => {
    expect(VersionRange.parse(spec)?.toString()).toBe(text);
  });

  it.each([
    ['[1.0', 'Unbounded range: [1.0'],
    ['(1.0)', 'Single version must be surrounded by []: (1.0)'],
    ['[5,4]', 'Range defies version ordering: [5,4]'],
    ['[1,1)', 'Range defies version ordering: [1,1)'],
    ['[1,3],[2,4]', 'Ranges overlap: [1,3],[2,4]'],
    ['[1,2]x', 'Only fully-qualified sets allowed in multiple set scenario: [1,2]x'],
  ])('%s is none: %s', (spec, message) => {
    expect(() => VersionRange.parse(spec)).toThrow(message);
  });
});
