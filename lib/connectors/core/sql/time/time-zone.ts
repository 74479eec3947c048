/**
 * Turns wall-clock time into time since the epoch and back. Both are milliseconds; wall-clock time counts from the
 * epoch as if the clock on the wall showed UTC.
 */
export interface TimeZone {
  readonly name: string;
  toEpoch(local: number): number;
  toLocal(epoch: number): number;
}

export const utc: TimeZone = { name: 'UTC', toEpoch: (local) => local, toLocal: (epoch) => epoch };

/** Undefined: no such zone. */
export function timeZone(name: string): TimeZone | undefined {
  if (/^(utc|gmt|z|etc\/utc)$/i.test(name)) return utc;
  try {
    return new NamedZone(name);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const quarterMs = 900_000;

class NamedZone implements TimeZone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  /** Offsets by quarter of an hour, because no zone has ever changed between two: asking Intl is slow. */
  readonly #offsets = new Map<number, number>();

  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  toLocal(epoch: number): number {
    return epoch + this.#offsetAt(epoch);
  }

  /** An hour that comes twice means its first coming; one that is left out is moved on, as Java does. */
  toEpoch(local: number): number {
    const before = this.#offsetAt(local - 86_400_000);
    const after = this.#offsetAt(local + 86_400_000);
    const candidates = [local - before, local - after].filter((epoch) => this.toLocal(epoch) === local);
    return candidates.length > 0 ? Math.min(...candidates) : local - before;
  }

  #offsetAt(epoch: number): number {
    const quarter = Math.floor(epoch / quarterMs);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const offset = this.#ask(quarter * quarterMs);
    this.#offsets.set(quarter, offset);
    return offset;
  }

  #ask(epoch: number): number {
    const parts = Object.fromEntries(
      this.#format.formatToParts(epoch).map(({ type, value }) => [type, value]),
    );
    const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
    const local = new Date(0);
    local.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']));
    local.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']));
    return local.getTime() - epoch;
  }
}
