import { Decimal } from '../../api/data/decimal.ts';
import { DataError } from '../../api/errors.ts';
import { decimalLiteralToDouble, JsonNumber } from '../../foundation/json/json-number.ts';

/** What Jackson reads from no text at all; not the same as null to the conversions of some types. */
export const missing: unique symbol = Symbol('missing');

/**
 * Jackson reads every number with a fraction or an exponent as a BigDecimal. Throws a DataError where Java's has no
 * room for the exponent.
 */
export function requireBigDecimal(literal: string): void {
  if (/[eE]/.test(literal) && Decimal.tryParse(literal) === null)
    throw new DataError(`The exponent of the number ${literal.slice(0, 40)} is out of range`);
}

/** The kinds Kafka Connect's messages name. */
export function nodeType(node: unknown): string {
  if (node === null) return 'NULL';
  if (node === missing) return 'MISSING';
  if (Array.isArray(node)) return 'ARRAY';
  if (node instanceof JsonNumber) return 'NUMBER';
  return typeof node === 'object' ? 'OBJECT' : (typeof node).toUpperCase();
}

export const isObject = (node: unknown): node is Readonly<Record<string, unknown>> =>
  typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof JsonNumber);

export const isIntegral = (node: unknown): node is number | JsonNumber =>
  node instanceof JsonNumber ? node.isInteger : Number.isInteger(node);

/** Jackson's longValue: 0 for what is not a number; fractions are cut, what is too large wraps. */
export function toLong(node: unknown): bigint {
  if (typeof node === 'number') return BigInt(Math.trunc(node));
  return node instanceof JsonNumber ? BigInt.asIntN(64, wholePart(Decimal.parse(node.literal))) : 0n;
}

/** Jackson's intValue, with the same leniency. */
export function toInt(node: unknown): number {
  if (typeof node === 'number') return node | 0;
  return node instanceof JsonNumber ? Number(BigInt.asIntN(32, toLong(node))) : 0;
}

/** Jackson's doubleValue. */
export function toDouble(node: unknown): number {
  if (typeof node === 'number') return node + 0;
  return node instanceof JsonNumber ? decimalLiteralToDouble(node.literal) : 0;
}

/** 1E400 has no bits below 2^64 to keep, and computing its digits would be a way to stop a task. */
const wholePart = (decimal: Decimal): bigint =>
  decimal.scale <= -64 || decimal.scale > 1100 ? 0n : decimal.toBigInt();

const unpadded = /^[A-Za-z0-9+/]*$/;
const group = /[\0- ]*[A-Za-z0-9+/]{4}/y;
const lastGroup = /^(?:[\0- ]*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==))?[\0- ]*$/;

/** Strict base64 with padding, as Jackson reads it: white space may part the groups. Null for anything else. */
export const fromBase64 = (text: string): Uint8Array | null =>
  isBase64(text) ? Buffer.from(text, 'base64') : null;

/** Group by group: one expression for them all comes to the end of its stack with a few megabytes. */
function isBase64(text: string): boolean {
  if (text.length % 4 === 0 && unpadded.test(text)) return true;
  let end = 0;
  group.lastIndex = 0;
  while (group.test(text)) end = group.lastIndex;
  return lastGroup.test(text.slice(end));
}
