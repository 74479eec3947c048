import type { Parameters } from 'fast-check';

/** The same cases in each `npm test`; `FUZZ_RUNS=100000 npm test` runs more, from a seed of the moment or `FUZZ_SEED`. */
export function fuzzOptions(runs: number): Parameters<unknown> {
  const { FUZZ_RUNS: more, FUZZ_SEED: seed } = process.env;
  if (more === undefined) return { numRuns: runs, seed: seed === undefined ? 1 : Number(seed) };
  return seed === undefined ? { numRuns: Number(more) } : { numRuns: Number(more), seed: Number(seed) };
}
