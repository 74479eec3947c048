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

export interface PartitionerOptions {
  /** `sticky` (default): records without a key stay on one partition for a batch, then move to another at random (KIP-480, KIP-794). */
  readonly spread?: 'sticky' | 'round robin';
  /** Records with a key are spread like those without. Default false; round robin does so always, as in Java. */
  readonly ignoreKeys?: boolean;
}

/** What a record says comes first, then its key, then `spread`. */
export function createPartitioner(random: Random, options: PartitionerOptions = {}): Partitioner {
  const { spread = 'sticky', ignoreKeys = spread === 'round robin' } = options;
  const next = spread === 'sticky' ? stickyChoice(random) : roundRobinChoice();
  return {
    partitionOf: (record, partitions) => {
      const { topic, partition, key } = record;
      if (partition !== null && partition !== undefined) return checked(topic, partition, partitions);
      return key === null || ignoreKeys ? next(record, partitions) : partitionForKey(key, partitions);
    },
  };
}

type Choice = (record: ToPartition, partitions: number) => number;

function stickyChoice(random: Random): Choice {
  const sticky = new Map<string, Sticky>();
  const anyPartition = (partitions: number): number => Math.floor(random.next() * partitions);
  return ({ topic, value }, partitions) => {
    let current = sticky.get(topic);
    if (!current || current.partition >= partitions || current.bytes >= stickyBytes) {
      current = { partition: anyPartition(partitions), bytes: 0 };
      sticky.set(topic, current);
    }
    current.bytes += value?.length ?? 0;
    return current.partition;
  };
}

function roundRobinChoice(): Choice {
  const turns = new Map<string, number>();
  return ({ topic }, partitions) => {
    const turn = turns.get(topic) ?? 0;
    turns.set(topic, turn + 1);
    return turn % partitions;
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
