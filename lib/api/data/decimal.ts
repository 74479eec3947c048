import { DataError } from '../errors.ts';

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?)0*(\d{1,10}))?$/;
/** Java keeps exponent and scale in 32 bits. */
const isInt = (value: number): boolean => value >= -(2 ** 31) && value < 2 ** 31;

/**
 * An exact decimal number, `unscaled` × 10^-`scale`: java.math.BigDecimal. The scale is part of the value, 1.5 and
 * 1.50 are different; it may be negative (1E+3 has scale -3).
 */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** What `new BigDecimal(text)` reads: digits, an optional point, an optional exponent. Null for anything else. */
  static tryParse(text: string): Decimal | null {
    const match = pattern.exec(text);
    if (match === null) return null;
    const [, sign = '', whole = '', fraction = '', exponentSign = '', exponentDigits = '0'] = match;
    if (whole === '' && fraction === '') return null;
    const exponent = Number(exponentSign + exponentDigits);
    const scale = fraction.length - exponent;
    if (!isInt(exponent) || !isInt(scale)) return null;
    const magnitude = BigInt(whole + fraction);
    // Subtracting keeps zero a plain zero (a scale of -0 would not equal 0).
    return new Decimal(sign === '-' ? -magnitude : magnitude, scale === 0 ? 0 : scale);
  }

  /** As `tryParse`; throws a DataError for text that is not a number. */
  static parse(text: string): Decimal {
    const decimal = Decimal.tryParse(text);
    if (decimal === null) throw new DataError(`"${text}" is not a decimal number`);
    return decimal;
  }

  /** From the big-endian two's complement bytes of the unscaled value, which must not be empty. */
  static fromBytes(bytes: Uint8Array, scale: number): Decimal {
    if (bytes.length === 0) throw new DataError('Zero length BigInteger: a decimal needs at least one byte');
    const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
    return new Decimal(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`)), scale);
  }

  /** The unscaled value as the fewest bytes of two's complement, big-endian. */
  toBytes(): Uint8Array {
    const magnitude = this.unscaled < 0n ? ~this.unscaled : this.unscaled;
    const bits = magnitude === 0n ? 0 : magnitude.toString(2).length;
    const length = Math.floor(bits / 8) + 1;
    const hex = BigInt.asUintN(length * 8, this.unscaled)
      .toString(16)
      .padStart(length * 2, '0');
    return new Uint8Array(Buffer.from(hex, 'hex'));
  }

  equals(other: unknown): boolean {
    return other instanceof Decimal && other.unscaled === this.unscaled && other.scale === this.scale;
  }

  /** As BigDecimal.toString: plain from 1E-6 up, else with an exponent. Parsing it gives an equal Decimal. */
  toString(): string {
    const adjusted = this.#digits().length - 1 - this.scale;
    if (this.scale >= 0 && adjusted >= -6) return this.toPlainString();
    const digits = this.#digits();
    const mantissa = digits.length > 1 ? `${digits.slice(0, 1)}.${digits.slice(1)}` : digits;
    const exponent = adjusted === 0 ? '' : `E${adjusted > 0 ? '+' : ''}${adjusted}`;
    return `${this.#sign()}${mantissa}${exponent}`;
  }

  /** Without an exponent. */
  toPlainString(): string {
    const digits = this.#digits();
    if (this.scale === 0) return `${this.#sign()}${digits}`;
    if (this.scale < 0) return digits === '0' ? '0' : `${this.#sign()}${digits}${'0'.repeat(-this.scale)}`;
    const padded = digits.padStart(this.scale + 1, '0');
    const point = padded.length - this.scale;
    return `${this.#sign()}${padded.slice(0, point)}.${padded.slice(point)}`;
  }

  /** The nearest double. */
  toNumber(): number {
    return Number(`${this.unscaled}e${-this.scale}`);
  }

  /** The integer part, rounded toward zero: BigDecimal.toBigInteger. */
  toBigInt(): bigint {
    return this.scale <= 0
      ? this.unscaled * 10n ** BigInt(-this.scale)
      : this.unscaled / 10n ** BigInt(this.scale);
  }

  #sign(): string {
    return this.unscaled < 0n ? '-' : '';
  }

  #digits(): string {
    return (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString();
  }
}
