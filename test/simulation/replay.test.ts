import { describe, expect, it } from 'vitest';
import { History } from './history.ts';

async function story(seed: number): Promise<string[]> {
  const lines: string[] = [];
  const result = await new History({ seed, steps: 800, tell: (line) => lines.push(line) }).run();
  return [...lines, JSON.stringify(result)];
}

describe('a history', () => {
  it.each([1, 17, 4711])('of seed %i is told twice word for word', async (seed) => {
    const first = await story(seed);
    expect(first.length).toBeGreaterThan(50);
    expect(await story(seed)).toEqual(first);
  });

  it('of another seed is another one', async () => {
    expect(await story(2)).not.toEqual(await story(3));
  });

  it('goes the same way whether or not somebody listens', async () => {
    const told = JSON.parse((await story(5)).at(-1) ?? '') as object;
    expect(await new History({ seed: 5, steps: 800 }).run()).toEqual(told);
  });
});
