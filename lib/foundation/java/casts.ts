/** Java's `(long) double`: cut toward zero, NaN is 0, and what is out of range is the nearest limit. */
export function doubleToLong(value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  return value <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(value));
}

/** Java's `(int) double`, with the same limits for 32 bits. */
export function doubleToInt(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.trunc(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value))) + 0;
}

/** Java's `(byte)`, `(short)` and `(int)` of a long: the low bits. */
export const narrow = (value: bigint, bits: 8 | 16 | 32): number => Number(BigInt.asIntN(bits, value));
