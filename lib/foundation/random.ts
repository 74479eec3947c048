import { randomUUID } from 'node:crypto';

/** Randomness, injected, so that a simulation can replay it from a seed. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A fresh token, unique for all practical purposes. */
  token(): string;
}

export const systemRandom: Random = { next: () => Math.random(), token: () => randomUUID() };

/** A reproducible stream (mulberry32) for tests and simulations. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    token: () => Array.from({ length: 4 }, () => Math.floor(next() * 2 ** 32).toString(16)).join('-'),
  };
}
