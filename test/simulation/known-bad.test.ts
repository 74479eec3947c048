import { describe, expect, it } from 'vitest';
import { History } from './history.ts';
import { allSwitches } from './switches/all-switches.ts';

/** Known faults must be found within so many histories; docs/simulation.md says which seed found each. */
const patience = 300;

describe('the simulation finds code in which', () => {
  it.each(allSwitches.map((bad) => [bad.fault, bad] as const))('%s', { timeout: 120_000 }, async (_, bad) => {
    for (let seed = 1; seed <= patience; seed++) {
      const { violation } = await new History({ seed, steps: bad.steps ?? 800, bad }).run();
      if (violation === undefined) continue;
      console.log(`${bad.name}: seed ${seed}, ${violation.promise}: ${violation.what}`);
      return;
    }
    expect.unreachable(`${bad.name} was not found within ${patience} histories`);
  });
});
