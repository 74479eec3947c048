import { asciiDigits, javaTrim } from './text.ts';

/** Long.parseLong and its smaller kin: an optional sign and digits, in range. Null where Java throws. */
export function javaParseInteger(text: string, bits: 8 | 16 | 32 | 64): bigint | null {
  const ascii = asciiDigits(text);
  if (!/^[+-]?\d+$/.test(ascii)) return null;
  const value = ascii.startsWith('+') ? BigInt(ascii.slice(1)) : BigInt(ascii);
  return BigInt.asIntN(bits, value) === value ? value : null;
}

const decimal = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;
const hexadecimal = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)[fFdD]?$/;

/** Double.parseDouble: space around it, a type suffix (`1d`) and hexadecimal floats included. Null where Java throws. */
export function javaParseDouble(text: string): number | null {
  const trimmed = javaTrim(text);
  if (decimal.test(trimmed)) return Number(trimmed.replace(/(?<=[\d.])[fFdD]$/, ''));
  const hex = hexadecimal.exec(trimmed);
  return hex === null ? null : hexValue(hex);
}

/** Float.parseFloat, rounded once by way of the double, which differs from Java in one of some 2^29 inputs. */
export function javaParseFloat(text: string): number | null {
  const double = javaParseDouble(text);
  return double === null ? null : Math.fround(double);
}

function hexValue([, sign, whole = '', fraction = '', exponent = '0']: RegExpExecArray): number | null {
  const digits = whole + fraction;
  if (digits === '') return null;
  const magnitude = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -magnitude : magnitude;
}
