import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonNumber } from '../../../../lib/foundation/json/json-number.ts';
import { needsExactReader, parseExact } from '../../../../lib/foundation/json/parse-exact.ts';
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

  it('notices every number that JSON.parse would turn into another kind', () => {
    const literal = fc.oneof(
      fc.integer().map((n) => `${n}.${'0'.repeat(1 + (Math.abs(n) % 3))}`),
      fc.integer({ min: 0, max: 30 }).map((n) => `1e${n}`),
      fc.bigInt({ min: 10n ** 16n, max: 10n ** 20n }).map(String),
      fc.constant('-0'),
      fc.constant('123456789012345.001'),
    );
    const wrap = fc.constantFrom('%', '[%]', '{"a":%}', '{"a": %, "b": 1}', '[1,%]', '[\n%]');
    fc.assert(
      fc.property(literal, wrap, (number, frame) => {
        expect(needsExactReader(frame.replace('%', number))).toBe(true);
      }),
    );
  });

  it.each(['{"a":1,"b":"x","c":1.5}', '[12345, -1, 0.001]', '{"uuid":"3e5a8f00-1e5b-4c3d"}'])(
    'leaves %s to JSON.parse',
    (text) => {
      expect(needsExactReader(text)).toBe(false);
    },
  );
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
