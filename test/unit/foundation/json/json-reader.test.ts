import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../../../../lib/foundation/json/json-number.ts';
import { JsonReader, JsonSyntaxError } from '../../../../lib/foundation/json/json-reader.ts';

const read = (text: string, leadingZeros = false): unknown =>
  new JsonReader(text, { number: (literal) => new JsonNumber(literal), leadingZeros }).value();

describe('JsonReader', () => {
  it.each([
    ['null', null],
    [' true ', true],
    ['-12', -12],
    ['-0', 0],
    ['"a\\u00e9\\n\\"\\\\b"', 'aé\n"\\b'],
    ['[]', []],
    ['{}', {}],
    ['[1, "x", {"a": [false]}]', [1, 'x', { a: [false] }]],
    ['{"a": 1, "a": 2}', { a: 2 }],
  ])('reads %s', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each(['12.0', '1e3', '1.5', '12345678901234567890', '-0.0', '1234567890123456'])(
    'keeps the literal of %s',
    (text) => {
      expect(read(text)).toEqual(new JsonNumber(text));
    },
  );

  it.each([
    '',
    '{',
    '[1,]',
    '{"a"}',
    '{a:1}',
    '+5',
    '.5',
    '5.',
    '1e',
    '--1',
    'tru',
    'truex',
    '"a',
    '"\\x"',
    '"\\u12"',
    '"\n"',
    '5x',
    '01',
    '\u00a01',
  ])('refuses %j', (text) => {
    expect(() => read(text)).toThrow(JsonSyntaxError);
  });

  it('drops leading zeros when asked to, as Jackson does', () => {
    expect(read('[007, -00]', true)).toEqual([7, 0]);
    expect(read('00.50', true)).toEqual(new JsonNumber('0.50'));
  });

  it('keeps a member named __proto__ as data', () => {
    const object = read('{"__proto__": {"polluted": 1}}') as object;

    expect(Object.keys(object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  });

  it('refuses nesting that would overflow the stack', () => {
    expect(() => read('['.repeat(100_000))).toThrow('Nesting deeper than 1000');
  });

  it('stands behind the value it read', () => {
    const reader = new JsonReader('{"a":1} rest', { number: () => null });
    reader.value();

    expect(reader.position).toBe(7);
    expect(reader.atEnd()).toBe(false);
  });
});
