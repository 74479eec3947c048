/**
 * A point in time in milliseconds, the value of the logical types Date, Time and Timestamp (java.util.Date in
 * Kafka Connect). Its range is that of a 64-bit integer, which a JavaScript Date does not have; `epochMillis` is a
 * bigint only beyond the safe integers.
 */
export class Instant {
  readonly epochMillis: number | bigint;

  constructor(epochMillis: number | bigint) {
    this.epochMillis = epochMillis;
  }

  static from(date: Date): Instant {
    return new Instant(date.getTime());
  }

  /** Invalid Date when out of JavaScript's range (about ±273,000 years). */
  toDate(): Date {
    return new Date(Number(this.epochMillis));
  }

  equals(other: unknown): boolean {
    return other instanceof Instant && BigInt(other.epochMillis) === BigInt(this.epochMillis);
  }
}
