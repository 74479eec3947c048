import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../../../../lib/foundation/json/json-number.ts';
import { JsonReader } from '../../../../lib/foundation/json/json-reader.ts';
import { parsePlain } from '../../../../lib/foundation/json/parse-plain.ts';

/** Kept as literals are the numbers a plain number would not show: whatever is an integer by value alone. */
const exact = (text: string): unknown =>
  new JsonReader(text, {
    number: (literal) => {
      const number = Number(literal);
      const isShown = /[.eE]/.test(literal)
        ? Number.isFinite(number) && !Number.isInteger(number)
        : Number.isSafeInteger(number);
      return isShown ? number : new JsonNumber(literal);
    },
  }).value();

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'0000999912345678'), minLength: min, maxLength: max });
const integerPart = digits(1, 20).map((text) => text.replace(/^0+(?=\d)/, ''));
const fraction = fc.oneof(
  digits(1, 20),
  fc.constantFrom('0', '00', '50', '9999999999999999', '00000000000000001'),
);
const exponent = fc.tuple(
  fc.constantFrom('e', 'E'),
  fc.constantFrom('', '+', '-'),
  fc.integer({ min: 0, max: 400 }),
);
const literal = fc
  .tuple(fc.constantFrom('', '-'), integerPart, fc.option(fraction), fc.option(exponent, { freq: 2 }))
  .map(
    ([sign, whole, part, power]) =>
      `${sign}${whole}${part === null ? '' : `.${part}`}${power?.join('') ?? ''}`,
  );
const frames = [
  '%',
  ' % ',
  '[%]',
  '{"a":%}',
  '{"a": %, "b": 1}',
  '[1,%]',
  '[\n%\n]',
  '{"a":{"b":[null,%\t]}}',
];

describe('parsePlain', () => {
  it('returns what the exact reader reads, or nothing', () => {
    fc.assert(
      fc.property(literal, fc.constantFrom(...frames), (number, frame) => {
        const text = frame.replace('%', number);
        const whole = exact(text);
        expect(parsePlain(text) ?? whole).toStrictEqual(whole);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    '12.0',
    '-0',
    '-0.0',
    '1e5',
    '1.5E3',
    '1e400',
    '0e0',
    '9007199254740993',
    '-9007199254740993',
    '0.99999999999999999',
    '70368744177664.007',
    '140737488355329.01',
    '4503599627370497.5',
    '123456789012345.001',
    `0.${'1'.repeat(1_200)}`,
    `${'['.repeat(1_001)}${']'.repeat(1_001)}`,
  ])('leaves %s to the exact reader wherever it stands', (number) => {
    for (const frame of frames) expect(parsePlain(frame.replace('%', number))).toBeUndefined();
  });

  it.each([
    '{"a":1,"b":"x","c":1.5}',
    '[12345, -1, 0.001]',
    '{"uuid":"3e5a8f00-1e5b-4c3d"}',
    '{"price":4.995,"noise":0.30000000000000004,"micros":1767225600000137}',
    '{"agent":"Mozilla/5.0 (X11; rv:140.0) 1e5"}',
  ])('reads %s itself', (text) => {
    expect(parsePlain(text)).toEqual(JSON.parse(text));
  });

  it('refuses what is not JSON', () => {
    expect(() => parsePlain('{"a":12.0')).toThrow(SyntaxError);
    expect(() => parsePlain('{} 1')).toThrow(SyntaxError);
  });
});
