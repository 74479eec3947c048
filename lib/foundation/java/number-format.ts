import { type Binary, type Digits, java17Digits } from './double-digits.ts';

/**
 * Double.toString as Java 17 has it, the version Kafka Connect runs on: plain between 1E-3 and 1E7, otherwise with
 * an exponent, and always with a digit after the point.
 */
export function javaDouble(value: number): string {
  if (isPrintedAlike(value)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const special = specialValue(value);
  if (special !== undefined) return special;
  const magnitude = Math.abs(value);
  const digits = printsShortest(magnitude) ? shortestDigits(magnitude) : java17Digits(binaryOf(magnitude));
  return (value < 0 ? '-' : '') + layOut(digits);
}

/** Whether Java prints no exponent and JavaScript does not either: then the digits are the same as well. */
export const isPrintedAlike = (value: number): boolean =>
  (value >= 1e-3 && value < 1e7) || (value <= -1e-3 && value > -1e7);

/** Float.toString; the value is rounded to a 32-bit float. */
export function javaFloat(value: number): string {
  const float = Math.fround(value);
  const special = specialValue(float);
  if (special !== undefined) return special;
  return (float < 0 ? '-' : '') + layOut(java17Digits(binaryOfFloat(Math.abs(float))));
}

function specialValue(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  return undefined;
}

const view = new DataView(new ArrayBuffer(8));

/**
 * Where Java's digits are the shortest ones, which JavaScript finds much faster: plain numbers below 2^29, up to
 * which no short decimal lies midway between two doubles, but for powers of two.
 */
function printsShortest(magnitude: number): boolean {
  if (magnitude < 1e-3 || magnitude >= 2 ** 29) return false;
  view.setFloat64(0, magnitude);
  return view.getUint32(4) !== 0 || (view.getUint32(0) & 0xfffff) !== 0 || Number.isInteger(magnitude);
}

function shortestDigits(magnitude: number): Digits {
  const [mantissa = '', exponent = '0'] = magnitude.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) + 1 };
}

function binaryOf(magnitude: number): Binary {
  view.setFloat64(0, magnitude);
  const bits = view.getBigUint64(0);
  return normalise({ biased: Number(bits >> 52n), fraction: bits & 0xfffffffffffffn, bits: 52, bias: 1023 });
}

function binaryOfFloat(magnitude: number): Binary {
  view.setFloat32(0, magnitude);
  const bits = view.getUint32(0);
  return normalise({ biased: bits >>> 23, fraction: BigInt(bits & 0x7fffff), bits: 23, bias: 127 });
}

interface Encoded {
  readonly biased: number;
  readonly fraction: bigint;
  readonly bits: number;
  readonly bias: number;
}

/** With the leading one in place, subnormal numbers shifted up to it. */
function normalise({ biased, fraction, bits, bias }: Encoded): Binary {
  const widen = (value: bigint): bigint => value << BigInt(52 - bits);
  if (biased > 0) {
    return {
      fraction: widen(fraction | (1n << BigInt(bits))),
      exponent: biased - bias,
      significantBits: bits + 1,
    };
  }
  const length = fraction.toString(2).length;
  const shift = bits + 1 - length;
  return { fraction: widen(fraction << BigInt(shift)), exponent: 1 - shift - bias, significantBits: length };
}

/** `exponent` as in Digits: 1.5 is 15 with exponent 1. */
function layOut({ digits, exponent }: Digits): string {
  if (exponent > 0 && exponent < 8)
    return `${digits.slice(0, exponent).padEnd(exponent, '0')}.${digits.slice(exponent) || '0'}`;
  if (exponent <= 0 && exponent > -3) return `0.${'0'.repeat(-exponent)}${digits}`;
  return `${digits.slice(0, 1)}.${digits.slice(1) || '0'}E${exponent - 1}`;
}
