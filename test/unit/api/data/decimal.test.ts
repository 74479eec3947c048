import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../../lib/api/data/decimal.ts';

const decimals = fc.tuple(
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  fc.integer({ min: -20, max: 40 }),
);

describe('Decimal', () => {
  it.each([
    [150n, 2, '1.50', '1.50'],
    [-5n, 0, '-5', '-5'],
    [1n, 7, '1E-7', '0.0000001'],
    [1n, 6, '0.000001', '0.000001'],
    [12n, -3, '1.2E+4', '12000'],
    [0n, 2, '0.00', '0.00'],
    [0n, -2, '0E+2', '0'],
    [-123n, 10, '-1.23E-8', '-0.0000000123'],
  ])('%d with scale %d prints as %s, plainly as %s', (unscaled, scale, text, plain) => {
    expect(new Decimal(unscaled, scale).toString()).toBe(text);
    expect(new Decimal(unscaled, scale).toPlainString()).toBe(plain);
  });

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(decimals, ([unscaled, scale]) => {
        const decimal = new Decimal(unscaled, scale);
        expect(Decimal.parse(decimal.toString()).equals(decimal)).toBe(true);
      }),
    );
  });

  it('keeps its value through bytes', () => {
    fc.assert(
      fc.property(decimals, ([unscaled, scale]) => {
        expect(Decimal.fromBytes(new Decimal(unscaled, scale).toBytes(), scale).unscaled).toBe(unscaled);
      }),
    );
  });

  it.each([
    [0n, '00'],
    [127n, '7f'],
    [128n, '0080'],
    [-128n, '80'],
    [-129n, 'ff7f'],
  ])('%d takes the bytes %s', (unscaled, hex) => {
    expect(Buffer.from(new Decimal(unscaled, 0).toBytes()).toString('hex')).toBe(hex);
  });

  it('reads an exponent with leading zeros', () => {
    expect(Decimal.tryParse('1e00000000002')).toEqual(new Decimal(1n, -2));
  });

  it.each(['', '.', 'e5', '1e', '1.2.3', ' 1', '0x1', '1e99999999999', '1.5e2147483648'])(
    'does not read %j',
    (text) => {
      expect(Decimal.tryParse(text)).toBeNull();
    },
  );
});
