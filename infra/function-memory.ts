/** MB of a connector's function where nothing is said. */
export const defaultMemorySize = 512;

/** MB; beyond it nothing is gained. */
const largestSemiSpace = 32;

/**
 * Options of Node.js for the heap of a function of so many MB. Left alone V8 takes semi-spaces of 1 MB where there are
 * 512 MB (https://nodejs.org/api/cli.html, --max-semi-space-size), which are full all the time: batches of records then
 * cost half as much CPU again. Larger ones than these only take memory.
 */
export const heapOptions = (memorySize: number): string[] => [
  `--max-semi-space-size=${Math.min(largestSemiSpace, Math.max(1, Math.floor(memorySize / 16)))}`,
];

/** What a function of so many MB has in `NODE_OPTIONS`. */
export const nodeOptions = (memorySize: number): string =>
  ['--enable-source-maps', ...heapOptions(memorySize)].join(' ');
