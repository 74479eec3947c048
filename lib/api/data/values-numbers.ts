import { doubleToLong } from '../../foundation/java/casts.ts';
import { asciiDigits } from '../../foundation/java/text.ts';
import { DataError } from '../errors.ts';
import { BigInteger } from './big-integer.ts';
import { isBoxed } from './boxed.ts';
import { Decimal } from './decimal.ts';
import { Instant } from './instant.ts';
import { javaClassOf } from './java-class.ts';
import { javaString } from './java-string.ts';
import { dateToDays, timeToMillis, timestampToMillis } from './logical.ts';
import { logicalNames } from './logical-names.ts';
import type { Schema } from './schema.ts';
import type { ConnectValue } from './value.ts';

/** `value` without a schema, in the form of value.ts; null where it is not a number. */
export function numberOf(value: ConnectValue): number | bigint | Decimal | null {
  if (isBoxed(value)) return value.value;
  if (value instanceof BigInteger) return new Decimal(value.value, 0);
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal) return value;
  return null;
}

/** As a Long: fractions are cut, a Decimal wraps, a Double stops at the limits, text is read as a decimal. */
export function asLong(value: ConnectValue, fromSchema: Schema | null): bigint {
  const number = typeof value === 'string' ? parseDecimal(value) : numberOf(value);
  if (typeof number === 'bigint') return number;
  if (typeof number === 'number') return doubleToLong(number);
  if (number instanceof Decimal) return decimalToLong(number);
  const encoded = fromSchema !== null && value instanceof Instant ? encodedInstant(value, fromSchema) : null;
  if (encoded !== null) return BigInt(encoded);
  throw unconvertible(value, fromSchema?.toString() ?? 'a number');
}

/** As a Double. */
export function asDouble(value: ConnectValue, fromSchema: Schema | null): number {
  const number = typeof value === 'string' ? parseDecimal(value) : numberOf(value);
  if (number instanceof Decimal) return number.toNumber();
  return Number(number ?? asLong(value, fromSchema));
}

export const parseDecimal = (text: string): Decimal | null => Decimal.tryParse(asciiDigits(text));

/** What `new BigInteger(text)` reads: a sign and digits. Null for anything else. */
export function parseBigInteger(text: string): BigInteger | null {
  const ascii = asciiDigits(text);
  return /^[+-]?\d+$/.test(ascii) ? new BigInteger(BigInt(ascii.replace('+', ''))) : null;
}

/** BigDecimal.longValue: the low 64 bits of the integer part. */
export function decimalToLong(decimal: Decimal): bigint {
  // Beyond 10^64 no bit of the low 64 is set, and below the last digit there is no integer part to compute.
  if (decimal.scale <= -64 || decimal.scale > decimal.unscaled.toString().length) return 0n;
  return BigInt.asIntN(64, decimal.toBigInt());
}

function encodedInstant(value: Instant, schema: Schema): number | bigint | null {
  switch (schema.name) {
    case logicalNames.date:
      return dateToDays(schema, value);
    case logicalNames.time:
      return timeToMillis(schema, value);
    case logicalNames.timestamp:
      return timestampToMillis(schema, value);
    default:
      return null;
  }
}

export const unconvertible = (value: ConnectValue, target: string): DataError =>
  new DataError(`Unable to convert ${javaString(value, null)} (class ${javaClassOf(value)}) to ${target}`);
