import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { java17Digits } from '../../../../lib/foundation/java/double-digits.ts';
import { javaDouble, javaFloat } from '../../../../lib/foundation/java/number-format.ts';
import { javaParseDouble, javaParseInteger } from '../../../../lib/foundation/java/number-parse.ts';

describe('javaDouble', () => {
  it.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [12, '12.0'],
    [0.001, '0.001'],
    [0.0009, '9.0E-4'],
    [1e7, '1.0E7'],
    [9999999.5, '9999999.5'],
    [-1.25e-7, '-1.25E-7'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [Number.MAX_VALUE, '1.7976931348623157E308'],
    [Number.MIN_VALUE, '4.9E-324'],
    [123456789.12345679, '1.2345678912345679E8'],
  ])('prints %d as %s', (value, text) => {
    expect(javaDouble(value)).toBe(text);
  });

  it.each([
    [1e23, '9.999999999999999E22'],
    [2e23, '1.9999999999999998E23'],
    [2 ** -44, '5.6843418860808015E-14'],
    [2 ** 62, '4.6116860184273879E18'],
  ])('prints %d with the digits Java 17 gives it', (value, text) => {
    expect(javaDouble(value)).toBe(text);
  });

  it('prints what reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(javaParseDouble(javaDouble(value))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes the short way only where it leads to the digits of the long one', () => {
    const view = new DataView(new ArrayBuffer(8));
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 2 ** 29, noNaN: true }), (value) => {
        view.setFloat64(0, value);
        const bits = view.getBigUint64(0);
        const fraction = (bits & 0xfffffffffffffn) | (1n << 52n);
        const { digits } = java17Digits({
          fraction,
          exponent: Number(bits >> 52n) - 1023,
          significantBits: 53,
        });
        expect(
          javaDouble(value)
            .replace(/E.*|[.]/g, '')
            .replace(/^0+|0+$/g, ''),
        ).toBe(digits.replace(/0+$/, ''));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('javaFloat', () => {
  it.each([
    [0.1, '0.1'],
    [16777217.5, '1.6777218E7'],
    [3.4028234663852886e38, '3.4028235E38'],
    [1e10, '1.0E10'],
    [1.1, '1.1'],
    [2 ** -149, '1.4E-45'],
    [2 ** 83, '9.6714065E24'],
    [435784748690361e11, '4.3578472E25'],
    [-6.6770453e25, '-6.6770452E25'],
  ])('prints %d as %s', (value, text) => {
    expect(javaFloat(value)).toBe(text);
  });
});

describe('javaParseDouble', () => {
  it.each([
    [' 1.5 ', 1.5],
    ['1d', 1],
    ['.5f', 0.5],
    ['5.', 5],
    ['0x1p3', 8],
    ['-0x.8p1', -1],
    ['NaN', Number.NaN],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['1e400', Number.POSITIVE_INFINITY],
  ])('reads %s', (text, value) => {
    expect(javaParseDouble(text)).toBe(value);
  });

  it.each(['', ' ', '1_000', 'z', '1e', '0x10', 'nan', '.', '1 2'])('refuses %j', (text) => {
    expect(javaParseDouble(text)).toBeNull();
  });
});

describe('javaParseInteger', () => {
  it.each([
    ['5', 32, 5n],
    ['+5', 32, 5n],
    ['-32768', 16, -32768n],
    ['٣', 32, 3n],
    ['9223372036854775807', 64, 9223372036854775807n],
  ] as const)('reads %s in %d bits', (text, bits, value) => {
    expect(javaParseInteger(text, bits)).toBe(value);
  });

  it.each([
    ['32768', 16],
    ['', 32],
    ['5L', 64],
    ['1_0', 32],
    [' 5', 32],
    ['9223372036854775808', 64],
  ] as const)('refuses %j in %d bits', (text, bits) => {
    expect(javaParseInteger(text, bits)).toBeNull();
  });
});
