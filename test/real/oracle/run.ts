/** `npm run oracle -- [--kind KIND] [--seed N] [--count N] [--show N]`: asks the real Kafka Connect and compares. */
import { parseArgs } from 'node:util';
import { differences } from './differences.ts';
import { questionKinds } from './generate/questions.ts';
import { startOracle } from './start-oracle.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string', multiple: true, default: [...questionKinds] },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    count: { type: 'string', default: '2000' },
    show: { type: 'string', default: '5' },
  },
});

await using oracle = await startOracle();
for (const kind of values.kind) {
  const { asked, found } = await differences(oracle, kind, Number(values.seed), Number(values.count));
  console.log(`${kind}, seed ${values.seed}: ${asked} asked, ${found.length} different`);
  for (const each of found.slice(0, Number(values.show))) console.log(`- ${each}`);
  if (found.length > 0) process.exitCode = 1;
}
