/**
 * An integer of any size without a schema: java.math.BigInteger. No converter reads or writes one, and no schema
 * type holds it; a plugin may put it into a schemaless map, and `MaskField` masks it.
 */
export class BigInteger {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }

  equals(other: unknown): boolean {
    return other instanceof BigInteger && other.value === this.value;
  }

  toString(): string {
    return this.value.toString();
  }
}
