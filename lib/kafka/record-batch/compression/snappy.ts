import { findMatches } from './lz-matches.ts';

/**
 * Snappy blocks in the framing of the Java library Kafka uses (xerial): 16 bytes of magic and versions, then
 * blocks that each carry their length. Producers of other languages send one bare block: both are read.
 */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeader = Buffer.concat([xerialMagic, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
const blockSize = 32 * 1024;

export function snappyDecompress(bytes: Buffer): Buffer {
  if (bytes.length < xerialHeader.length || !bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) {
    return decompressBlock(bytes);
  }
  const blocks: Buffer[] = [];
  for (let at = xerialHeader.length; at < bytes.length; ) {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0 || at + length > bytes.length) throw new RangeError('snappy block is cut off');
    blocks.push(decompressBlock(bytes.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat(blocks);
}

export function snappyCompress(bytes: Buffer): Buffer {
  const parts: Buffer[] = [xerialHeader];
  for (let at = 0; at < bytes.length; at += blockSize) {
    const block = compressBlock(bytes.subarray(at, at + blockSize));
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

function decompressBlock(input: Buffer): Buffer {
  let at = 0;
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = input[at++];
    if (byte === undefined || shift > 28) throw new RangeError('snappy block has no length');
    size += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  if (size > input.length * 64 + 64) throw new RangeError(`snappy block announces ${size} bytes`);
  const output = Buffer.allocUnsafe(size);
  let to = 0;
  while (at < input.length) {
    const tag = input[at++] ?? 0;
    if ((tag & 3) === 0) {
      let length = tag >> 2;
      if (length >= 60) {
        const extra = length - 59;
        length = input.readUIntLE(at, extra);
        at += extra;
      }
      length += 1;
      if (at + length > input.length || to + length > size) throw new RangeError('snappy literal is cut off');
      output.set(input.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    const kind = tag & 3;
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const distance =
      kind === 1 ? ((tag >> 5) << 8) | input.readUInt8(at) : input.readUIntLE(at, kind === 2 ? 2 : 4);
    at += kind === 1 ? 1 : kind === 2 ? 2 : 4;
    if (distance === 0 || distance > to || to + length > size)
      throw new RangeError('snappy copy is out of bounds');
    for (const end = to + length; to < end; to++) output[to] = output[to - distance] ?? 0;
  }
  if (to !== size) throw new RangeError(`snappy block gave ${to} bytes of ${size}`);
  return output;
}

function compressBlock(input: Buffer): Buffer {
  const output = Buffer.allocUnsafe(32 + input.length + Math.ceil(input.length / 6));
  let to = 0;
  for (let rest = input.length; ; rest >>>= 7) {
    output[to++] = rest > 127 ? (rest & 127) | 128 : rest;
    if (rest <= 127) break;
  }
  const literals = (from: number, end: number): void => {
    const length = end - from - 1;
    if (length < 0) return;
    if (length < 60) output[to++] = length << 2;
    else {
      const extra = length < 256 ? 1 : 2; // a block is 32 KiB: two bytes hold every length
      output[to++] = (59 + extra) << 2;
      output.writeUIntLE(length, to, extra);
      to += extra;
    }
    output.set(input.subarray(from, end), to);
    to += length + 1;
  };
  const limits = { matchMargin: 16, literalTail: 0, maxDistance: 65_535 };
  const tail = findMatches(input, limits, (literalsAt, matchAt, distance, matchLength) => {
    literals(literalsAt, matchAt);
    for (let left = matchLength; left > 0; left -= 64) {
      output[to++] = ((Math.min(left, 64) - 1) << 2) | 2;
      output.writeUInt16LE(distance, to);
      to += 2;
    }
  });
  literals(tail, input.length);
  return output.subarray(0, to);
}
