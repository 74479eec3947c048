import type { Timing } from './timing.ts';

export interface Shard {
  readonly shard: number;
  readonly of: number;
}

/** FNV-1a: the same name is in the same shard, and starts at the same part of each minute, for every coordinator. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  // Names that differ in their last character only would lie side by side.
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}

export const isInShard = (name: string, { shard, of }: Shard): boolean => hashOf(name) % of === shard;

/**
 * When each connector of a tick is looked at, milliseconds after its beginning. A few start at once; many are spread by
 * the hash of their names, so that a thousand runs do not open their connections in the same second (coordination.md §9).
 */
export function startTimes(names: readonly string[], timing: Timing): ReadonlyMap<string, number> {
  const crowd = Math.max(0, names.length - timing.startsAtOnce);
  const over = Math.min(timing.longestSpreadMs, crowd * timing.spreadMs);
  return new Map(names.map((name) => [name, over === 0 ? 0 : hashOf(name) % over]));
}
