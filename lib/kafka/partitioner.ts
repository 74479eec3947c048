import type { Serialized } from '../api/converter.ts';
import type { Random } from '../foundation/random.ts';
import { errorOf } from './error-codes.ts';

/** The hash of the Java client's partitioner, as a signed 32-bit integer. */
export function murmur2(bytes: Uint8Array): number {
  const multiplier = 0x5bd1e995;
  const { length } = bytes;
  let hash = 0x9747b28c ^ length;
  let at = 0;
  for (; at <= length - 4; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    word = Math.imul(word, multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  const left = length - at;
  if (left > 2) hash ^= bytes[at + 2]! << 16;
  if (left > 1) hash ^= bytes[at + 1]! << 8;
  if (left > 0) hash = Math.imul(hash ^ bytes[at]!, multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

export function partitionForKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

export interface ToPartition {
  readonly topic: string;
  /** As the record carries it; null or absent lets the key decide. */
  readonly partition?: number | null;
  readonly key: Uint8Array | null;
  readonly value: Serialized;
}

export interface Partitioner {
  /**
   * The partition of a record on a topic of `partitions` partitions. Called once per record, before the first
   * send: a second choice on a retry could put it on two partitions.
   */
  partitionOf(record: ToPartition, partitions: number): number;
}

/** Bytes after which the sticky partition changes: the Java producer's default `batch.size`. */
const stickyBytes = 16_384;

interface Sticky {
  partition: number;
  bytes: number;
}

/** KIP-480, KIP-794: records without a key stay on one partition for a batch, then move to another at random. */
export function createPartitioner(random: Random): Partitioner {
  const sticky = new Map<string, Sticky>();
  const anyPartition = (partitions: number): number => Math.floor(random.next() * partitions);
  return {
    partitionOf: ({ topic, partition, key, value }, partitions) => {
      if (partition !== null && partition !== undefined) return checked(topic, partition, partitions);
      if (key !== null) return partitionForKey(key, partitions);
      let current = sticky.get(topic);
      if (!current || current.partition >= partitions || current.bytes >= stickyBytes) {
        current = { partition: anyPartition(partitions), bytes: 0 };
        sticky.set(topic, current);
      }
      current.bytes += value?.length ?? 0;
      return current.partition;
    },
  };
}

function checked(topic: string, partition: number, partitions: number): number {
  if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition;
  throw errorOf(3, {
    topic,
    partition,
    retriable: false,
    message: `Record names partition ${partition} of topic ${topic}, which has ${partitions}`,
    hint: 'Add partitions to the topic, or let the key choose: leave the partition of the record empty.',
  });
}
