import { findMatches } from './lz-matches.ts';

/** The LZ4 block format: tokens of literals and matches. */

/** Unpacks `input` behind what `output` holds up to `start`, which matches may reach back into. Answers the end. */
export function decompressLz4Block(input: Buffer, output: Buffer, start: number): number {
  let at = 0;
  let to = start;
  const extend = (length: number): number => {
    if (length < 15) return length;
    let total = length;
    let byte: number;
    do {
      byte = input.readUInt8(at++);
      total += byte;
    } while (byte === 255);
    return total;
  };
  while (at < input.length) {
    const token = input.readUInt8(at++);
    const literals = extend(token >> 4);
    if (at + literals > input.length || to + literals > output.length)
      throw new RangeError('lz4 literal is cut off');
    output.set(input.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === input.length) break; // the last sequence has no match
    const distance = input.readUInt16LE(at);
    at += 2;
    const length = extend(token & 15) + 4;
    if (distance === 0 || distance > to || to + length > output.length)
      throw new RangeError('lz4 match is out of bounds');
    for (const end = to + length; to < end; to++) output[to] = output[to - distance] ?? 0;
  }
  return to;
}

export const maxLz4BlockSize = (length: number): number => length + Math.ceil(length / 255) + 16;

/** Packs `input` into `output` from its start; answers the size. `output` holds `maxLz4BlockSize` bytes or more. */
export function compressLz4Block(input: Buffer, output: Buffer): number {
  let to = 0;
  const extend = (length: number): void => {
    let rest = length - 15;
    for (; rest >= 255; rest -= 255) output[to++] = 255;
    output[to++] = rest;
  };
  const sequence = (literalsAt: number, end: number, distance: number, matchLength: number): void => {
    const literals = end - literalsAt;
    const extra = matchLength - 4;
    output[to++] = (Math.min(literals, 15) << 4) | (distance === 0 ? 0 : Math.min(extra, 15));
    if (literals >= 15) extend(literals);
    output.set(input.subarray(literalsAt, end), to);
    to += literals;
    if (distance === 0) return;
    output.writeUInt16LE(distance, to);
    to += 2;
    if (extra >= 15) extend(extra);
  };
  // The format's end rules: the last match starts 12 bytes before the end, the last 5 bytes are literals.
  const tail = findMatches(input, { matchMargin: 12, literalTail: 5, maxDistance: 65_535 }, sequence);
  sequence(tail, input.length, 0, 0);
  return to;
}
