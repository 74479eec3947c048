import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';
import { KafkaError } from '../../kafka-error.ts';
import type { CompressionType } from '../../ports.ts';
import { corruptBatch } from '../corrupt-batch.ts';
import { lz4Compress, lz4Decompress } from './lz4-frame.ts';
import { snappyCompress, snappyDecompress } from './snappy.ts';

interface Codec {
  readonly name: CompressionType;
  /** `level` absent, or of a codec that has only one: its default. */
  compress(bytes: Buffer, level?: number): Buffer;
  decompress(bytes: Buffer): Buffer;
}

/** 3.7 times smaller at the lowest CPU price; higher levels gain little on records. */
const defaultZstdLevel = 1;

/** By Kafka's codec number, bits 0-2 of a batch's attributes. */
const codecs: readonly Codec[] = [
  { name: 'none', compress: (bytes) => bytes, decompress: (bytes) => bytes },
  {
    name: 'gzip',
    compress: (bytes, level) => gzipSync(bytes, level === undefined ? {} : { level }),
    decompress: (bytes) => gunzipSync(bytes),
  },
  { name: 'snappy', compress: (bytes) => snappyCompress(bytes), decompress: snappyDecompress },
  { name: 'lz4', compress: (bytes) => lz4Compress(bytes), decompress: lz4Decompress },
  {
    name: 'zstd',
    compress: (bytes, level = defaultZstdLevel) =>
      zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } }),
    decompress: (bytes) => zstdDecompressSync(bytes),
  },
];

export function compressionCode(type: CompressionType): number {
  return codecs.findIndex((codec) => codec.name === type);
}

export function compress(type: CompressionType, bytes: Buffer, level?: number): Buffer {
  return codecAt(compressionCode(type)).compress(bytes, level);
}

export function decompress(code: number, bytes: Buffer): Buffer {
  const codec = codecAt(code);
  try {
    return codec.decompress(bytes);
  } catch (error) {
    throw corruptBatch(`a batch compressed with ${codec.name} cannot be unpacked`, error);
  }
}

function codecAt(code: number): Codec {
  const codec = codecs[code];
  if (codec) return codec;
  throw new KafkaError(`record batch is compressed with codec ${code}, which is unknown`, {
    kafkaCode: 76,
    kafkaName: 'UNSUPPORTED_COMPRESSION_TYPE',
    retriable: false,
    hint: 'Set compression.type of the topic or of its producers to gzip, snappy, lz4 or zstd.',
  });
}
