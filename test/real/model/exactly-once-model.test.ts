import { beforeAll, describe, expect, it } from 'vitest';
import { checkModel, mutants, needSpin } from '../../simulation/model/check-model.ts';

describe('the model of the exactly-once protocol', () => {
  beforeAll(needSpin);

  it('has no state in which a row is committed twice or left out', async () => {
    const { errors, states, broken } = await checkModel('CORRECT');
    console.log(`${states} states, ${errors} errors`);
    expect({ errors, broken }).toEqual({ errors: 0, broken: undefined });
    expect(states).toBeGreaterThan(1_000_000);
  });

  it.each(Object.entries(mutants))('finds the fault %s: %s', async (name) => {
    const { errors, broken } = await checkModel(name as keyof typeof mutants);
    console.log(`${name}: ${broken}`);
    expect(errors).toBe(1);
    expect(broken).toMatch(/^assertion violated/);
  });
});
