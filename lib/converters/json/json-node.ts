import { Decimal } from '../../api/data/decimal.ts';
import { decimalLiteralToDouble, JsonNumber } from '../../foundation/json/json-number.ts';

/** What Jackson reads from no text at all; not the same as null to the conversions of some types. */
export const missing: unique symbol = Symbol('missing');

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

const unit = '[A-Za-z0-9+/]';
const base64 = new RegExp(`^(?:[\\0- ]*${unit}{4})*(?:[\\0- ]*(?:${unit}{3}=|${unit}{2}==))?[\\0- ]*$`);

/** Strict base64 with padding, as Jackson reads it; null for anything else. */
export const fromBase64 = (text: string): Uint8Array | null =>
  base64.test(text) ? Buffer.from(text, 'base64') : null;
