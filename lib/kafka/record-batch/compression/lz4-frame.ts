import { compressLz4Block, decompressLz4Block, maxLz4BlockSize } from './lz4-block.ts';
import { xxhash32 } from './xxhash32.ts';

/** The LZ4 frame format around the blocks: magic, descriptor, blocks, end mark. */
const magic = 0x184d2204;
const flags = {
  version: 0x40,
  independent: 0x20,
  blockChecksum: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
  dictionary: 0x01,
};
const storedBlock = 0x80000000;
/** Descriptor code 4, the smallest block size, which the Java client writes too. */
const blockSize = 64 * 1024;
const blockSizeCode = 4;

export function lz4Compress(bytes: Buffer): Buffer {
  const blocks = Math.ceil(bytes.length / blockSize);
  const output = Buffer.allocUnsafe(15 + blocks * (4 + maxLz4BlockSize(blockSize)));
  output.writeUInt32LE(magic, 0);
  output[4] = flags.version | flags.independent;
  output[5] = blockSizeCode << 4;
  output[6] = (xxhash32(output.subarray(4, 6)) >>> 8) & 255;
  let to = 7;
  for (let at = 0; at < bytes.length; at += blockSize) {
    const block = bytes.subarray(at, at + blockSize);
    const size = compressLz4Block(block, output.subarray(to + 4));
    const stored = size >= block.length;
    if (stored) output.set(block, to + 4);
    output.writeUInt32LE(stored ? (block.length | storedBlock) >>> 0 : size, to);
    to += 4 + (stored ? block.length : size);
  }
  output.writeUInt32LE(0, to);
  return output.subarray(0, to + 4);
}

export function lz4Decompress(bytes: Buffer): Buffer {
  if (bytes.readUInt32LE(0) !== magic) throw new RangeError('not an LZ4 frame');
  const descriptor = bytes.readUInt8(4);
  const sizeCode = (bytes.readUInt8(5) >> 4) & 7;
  if ((descriptor & 0xc0) !== flags.version || sizeCode < 4)
    throw new RangeError('unknown LZ4 frame version');
  if (descriptor & flags.dictionary) throw new RangeError('LZ4 frame needs a dictionary');
  const maxBlock = 1 << (8 + 2 * sizeCode);
  // The descriptor's checksum is skipped: the CRC of the batch guards the whole.
  let at = 7 + (descriptor & flags.contentSize ? 8 : 0);
  let output: Buffer = Buffer.allocUnsafe(Math.max(maxBlock, bytes.length * 4));
  let to = 0;
  for (;;) {
    const word = bytes.readUInt32LE(at);
    at += 4;
    if (word === 0) return output.subarray(0, to);
    const length = word & 0x7fffffff;
    if (at + length > bytes.length) throw new RangeError('LZ4 block is cut off');
    if (output.length - to < maxBlock) output = grown(output, to, maxBlock);
    const block = bytes.subarray(at, at + length);
    if (word >>> 31) to += block.copy(output, to);
    else to = decompressLz4Block(block, output, to);
    at += length + (descriptor & flags.blockChecksum ? 4 : 0);
  }
}

function grown(output: Buffer, used: number, need: number): Buffer {
  const larger = Buffer.allocUnsafe(output.length * 2 + need);
  output.copy(larger, 0, 0, used);
  return larger;
}
