import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../../../../lib/foundation/json/json-number.ts';
import { parseExact } from '../../../../lib/foundation/json/parse-exact.ts';
import { canonicalJson, stringifyExact } from '../../../../lib/foundation/json/stringify-exact.ts';

describe('parseExact', () => {
  it('keeps integers beyond 2^53', () => {
    expect(parseExact('{"a": 9007199254740993, "b": [1, -9223372036854775808]}')).toEqual({
      a: 9007199254740993n,
      b: [1, -9223372036854775808n],
    });
  });

  it('hands the literals a number would not show to the hook', () => {
    expect(parseExact('[12.0, 12]', (literal) => new JsonNumber(literal))).toEqual([
      new JsonNumber('12.0'),
      12,
    ]);
  });

  it('refuses text after the value', () => {
    expect(() => parseExact('1.0 2')).toThrow(SyntaxError);
    expect(() => parseExact('{} 2')).toThrow(SyntaxError);
  });
});

describe('stringifyExact', () => {
  it('writes bigint as integers', () => {
    expect(stringifyExact({ a: 9007199254740993n, b: [null, 'x'], c: undefined })).toBe(
      '{"a":9007199254740993,"b":[null,"x"]}',
    );
  });

  it('lets a hook write objects of its own', () => {
    expect(stringifyExact([new Date(0)], (value) => (value instanceof Date ? '"day"' : undefined))).toBe(
      '["day"]',
    );
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map((text) => parseExact(text)),
          fc.bigInt(),
        ),
        (value) => {
          const back = parseExact(stringifyExact(value));
          expect(typeof value === 'bigint' ? BigInt(back as bigint) : back).toEqual(value);
        },
      ),
    );
  });
});

describe('canonicalJson', () => {
  it('is the same whatever the order of the keys', () => {
    expect(canonicalJson({ b: 1, a: { d: 2n, c: null } })).toBe('{"a":{"c":null,"d":2},"b":1}');
  });
});
