import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { heapOptions, nodeOptions } from '../../infra/function-memory.ts';

describe('the heap of a function', () => {
  it.each([
    [128, 8],
    [256, 16],
    [512, 32],
    [3_008, 32],
  ])('of %d MB has semi-spaces of %d MB at most', (memorySize, semiSpace) => {
    expect(heapOptions(memorySize)).toEqual([`--max-semi-space-size=${semiSpace}`]);
  });

  it('is asked for in words that Node.js takes in NODE_OPTIONS', () => {
    const script = 'console.log(require("node:v8").getHeapStatistics().heap_size_limit > 0)';
    const env = { ...process.env, NODE_OPTIONS: nodeOptions(512) };
    expect(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })).toBe('true\n');
  });
});
