/**
 * Zigzag variable-length integers, written and read in place. `varint` is 32 bits wide, `varlong` 64; a varlong
 * is a JavaScript number here, since timestamps and their differences stay far below 2^53.
 */
const twoTo28 = 2 ** 28;

export function sizeOfVarint(value: number): number {
  const zigzag = (value << 1) ^ (value >> 31);
  return ((38 - Math.clz32(zigzag | 1)) / 7) | 0;
}

/** Writes and answers the position behind. */
export function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  let at = start;
  while (zigzag > 127) {
    bytes[at++] = (zigzag & 127) | 128;
    zigzag >>>= 7;
  }
  bytes[at++] = zigzag;
  return at;
}

const fitsVarint = (value: number): boolean => value === (value | 0);

/** For a value beyond 32 bits: zigzag doubles it, and takes 1 off where it is negative. */
const zigzagOf = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

export function sizeOfVarlong(value: number): number {
  if (fitsVarint(value)) return sizeOfVarint(value);
  let size = 1;
  for (let rest = zigzagOf(value); rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}

export function writeVarlong(bytes: Uint8Array, start: number, value: number): number {
  if (fitsVarint(value)) return writeVarint(bytes, start, value);
  let at = start;
  let rest = zigzagOf(value);
  while (rest > 127) {
    bytes[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[at++] = rest;
  return at;
}

/** A reading position; reading past `end` throws RangeError, as a varint that is too long does. */
export class VarintReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  varint(): number {
    const { bytes } = this;
    let at = this.at;
    let byte = bytes[at++]!;
    let value = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      if (shift > 28) throw new RangeError('variable-length integer of more than 5 bytes');
      byte = bytes[at++]!;
      value |= (byte & 127) << shift;
    }
    this.#moveTo(at);
    return (value >>> 1) ^ -(value & 1);
  }

  varlong(): number {
    const { bytes } = this;
    let at = this.at;
    let low = 0;
    let high = 0;
    let byte = 128;
    for (let shift = 0; byte > 127; shift += 7) {
      if (shift > 63) throw new RangeError('variable-length integer of more than 10 bytes');
      byte = bytes[at++]!;
      if (shift < 28) low |= (byte & 127) << shift;
      else high += (byte & 127) * 2 ** (shift - 28);
    }
    this.#moveTo(at);
    if (high === 0) return (low >>> 1) ^ -(low & 1);
    const half = high * (twoTo28 / 2) + (low >>> 1);
    return low & 1 ? -half - 1 : half;
  }

  skip(length: number): void {
    this.#moveTo(this.at + length);
  }

  #moveTo(at: number): void {
    if (at > this.end) throw new RangeError(`record reaches ${at - this.end} bytes past its batch`);
    this.at = at;
  }
}
