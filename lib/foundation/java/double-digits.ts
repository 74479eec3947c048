/** The digits of a positive number and where its point stands: 0.d₁d₂d₃… × 10^`exponent`. */
export interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

/** A positive binary number: 1.f × 2^`exponent`, `fraction` holding 1.f in 53 bits. */
export interface Binary {
  readonly fraction: bigint;
  readonly exponent: number;
  /** 53 of a double, 24 of a float, fewer of a subnormal number. */
  readonly significantBits: number;
}

const fractionBits = 52;
const ten = 10n;

/**
 * The digits Java 17 prints. Its algorithm is a free-format generation with fixed quirks: it takes half the usual
 * distance around powers of two, excludes boundaries a reader would round back, and makes two digits where one
 * would do, so a few numbers get more digits than they need (2.0E-3 does not, 9.999999999999999E22 does). Consumers
 * compare text, so the quirks are part of the format; Java 19 and later print the shortest form instead.
 */
export function java17Digits(binary: Binary): Digits {
  const tail = trailingZeros(binary.fraction);
  const length = fractionBits + 1 - tail;
  const isInteger = length - binary.exponent - 1 <= 0;
  if (isInteger && binary.exponent <= 62) return integerDigits(binary);
  return generate(scale(binary, tail, length), estimateExponent(binary));
}

function trailingZeros(value: bigint): number {
  let zeros = 0;
  for (let rest = value; (rest & 1n) === 0n; rest >>= 1n) zeros++;
  return zeros;
}

/** Integers below 2^63: printed exactly but for the digits their precision does not reach. */
function integerDigits({ fraction, exponent, significantBits }: Binary): Digits {
  const shift = exponent - fractionBits;
  let value = shift >= 0 ? fraction << BigInt(shift) : fraction >> BigInt(-shift);
  const power = exponent - significantBits - 1;
  const insignificant = power > 1 ? Math.floor(power * Math.log10(2)) : 0;
  if (insignificant > 0) {
    const unit = ten ** BigInt(insignificant);
    value = value / unit + (value % unit >= unit / 2n ? 1n : 0n);
  }
  const text = value.toString();
  return { digits: text.replace(/0+$/, ''), exponent: text.length + insignificant };
}

/** floor(log10) or one less or more; the generation corrects it. */
function estimateExponent({ fraction, exponent }: Binary): number {
  const mantissa = Number(fraction) / 2 ** fractionBits;
  return Math.floor((mantissa - 1.5) * 0.289529654 + 0.176091259 + exponent * 0.301029995663981);
}

interface Scaled {
  /** The number is b / s × 10^estimate, and m half the distance to its neighbours, scaled like b. */
  b: bigint;
  readonly s: bigint;
  m: bigint;
  /** Java computes in 32 or 64 bits where it thinks they suffice; undefined: in big integers. */
  readonly bits: 32 | 64 | undefined;
}

const bitsOfPower5 = (n: number): number => (n === 0 ? 0 : n < 27 ? Math.floor(n * Math.log2(5)) + 1 : n * 3);

const scale = (binary: Binary, tail: number, length: number): Scaled => {
  const estimate = estimateExponent(binary);
  const tiny = Math.max(0, length - binary.exponent - 1);
  const b5 = Math.max(0, -estimate);
  const s5 = Math.max(0, estimate);
  let b2 = b5 + tiny + binary.exponent;
  let s2 = s5 + tiny;
  let m2 = b2 - binary.significantBits;
  b2 -= length - 1;
  const common = Math.min(b2, s2);
  b2 -= common;
  s2 -= common;
  m2 -= common;
  // The number below a power of two is only half as far away.
  if (length === 1) m2 -= 1;
  if (m2 < 0) {
    b2 -= m2;
    s2 -= m2;
    m2 = 0;
  }
  const bBits = length + b2 + bitsOfPower5(b5);
  const tenSBits = s2 + 1 + bitsOfPower5(s5 + 1);
  return {
    b: (binary.fraction >> BigInt(tail)) * 5n ** BigInt(b5) * (1n << BigInt(b2)),
    s: 5n ** BigInt(s5) * (1n << BigInt(s2)),
    m: 5n ** BigInt(b5) * (1n << BigInt(m2)),
    bits: bitsFor(Math.max(bBits, tenSBits)),
  };
};

function bitsFor(length: number): 32 | 64 | undefined {
  if (length < 32) return 32;
  return length < 64 ? 64 : undefined;
}

/** The sums of Java's fixed-width arithmetic may overflow: a few floats near 1E25 are then not rounded up. */
const wrap = (value: bigint, bits: 32 | 64 | undefined): bigint =>
  bits === undefined ? value : BigInt.asIntN(bits, value);

function generate(scaled: Scaled, estimate: number): Digits {
  const { s, bits } = scaled;
  let { b, m } = scaled;
  const tens = s * ten;
  let exponent = estimate;
  let digits = '';
  let low = false;
  let high = false;
  const step = (): string => {
    const digit = b / s;
    b = ten * (b % s);
    m = wrap(m * ten, bits);
    // A distance that overflowed is larger than all that is left.
    const overflowed = m <= 0n;
    low = overflowed || b < m;
    // Fixed-width arithmetic excludes the upper boundary, big integers include it.
    high = overflowed || (bits === undefined ? tens <= b + m : wrap(b + m, bits) > tens);
    return digit.toString();
  };
  const first = step();
  if (first === '0' && !high) exponent--;
  else digits = first;
  // At least one digit follows the point where there is an exponent.
  if (exponent < -3 || exponent >= 8) low = high = false;
  while (!low && !high) digits += step();
  const twice = b * 2n;
  const isOdd = Number(digits.at(-1)) % 2 === 1;
  const up = high && (!low || twice > tens || (twice === tens && isOdd));
  return up ? roundUp(digits, exponent + 1) : { digits, exponent: exponent + 1 };
}

function roundUp(digits: string, exponent: number): Digits {
  const rounded = (BigInt(digits) + 1n).toString().padStart(digits.length, '0');
  return { digits: rounded, exponent: exponent + rounded.length - digits.length };
}
