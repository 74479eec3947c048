import { Float64 } from '../../api/data/boxed.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { decimalLiteralToDouble, JsonNumber } from '../../foundation/json/json-number.ts';
import { requireBigDecimal } from './json-node.ts';

/** A literal as a schemaless value: integers are Longs, which wrap beyond 64 bits; the rest Doubles. */
export function schemalessNumber(literal: string): ConnectValue {
  if (!/[.eE]/.test(literal)) {
    const long = BigInt.asIntN(64, BigInt(literal));
    const number = Number(long);
    return Number.isSafeInteger(number) ? number : long;
  }
  requireBigDecimal(literal);
  const double = decimalLiteralToDouble(literal);
  return Number.isSafeInteger(double) ? new Float64(double) : double;
}

/** A tree of JsonReader as a schemaless value: what JSON.parse would give, numbers as value.ts has them. */
export function schemalessValue(node: unknown): ConnectValue {
  if (typeof node !== 'object' || node === null) return node as ConnectValue;
  if (node instanceof JsonNumber) return schemalessNumber(node.literal);
  if (Array.isArray(node)) return node.map(schemalessValue);
  return Object.fromEntries(Object.entries(node).map(([key, member]) => [key, schemalessValue(member)]));
}
