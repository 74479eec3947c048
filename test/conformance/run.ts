/** `npm run conformance -- --vectors DIR [--only GLOB]`: replays recordings of Kafka Connect against this code. */
import { readdirSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { parseArgs } from 'node:util';
import { readCases, replay } from './replay.ts';

const { values } = parseArgs({
  options: {
    vectors: { type: 'string', default: join(import.meta.dirname, 'vectors') },
    only: { type: 'string', default: '*' },
    show: { type: 'string', default: '10' },
  },
});

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const file of readdirSync(values.vectors).toSorted()) {
  if (!/\.jsonl(\.gz)?$/.test(file) || !matchesGlob(file.replace(/\.jsonl(\.gz)?$/, ''), values.only))
    continue;
  const cases = readCases(join(values.vectors, file));
  const { passed, failures, skipped } = await replay(cases);
  const skips = [...skipped].map(([reason, count]) => `${count} × ${reason}`);
  const skippedCount = [...skipped.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `${file}: ${passed} passed, ${failures.length} failed, ${skippedCount} skipped${skips.length > 0 ? ` (${skips.join(', ')})` : ''}`,
  );
  for (const { id, difference } of failures.slice(0, Number(values.show)))
    console.log(`- ${id}\n  ${difference}`);
  if (failures.length > Number(values.show))
    console.log(`  … and ${failures.length - Number(values.show)} more (--show N)`);
  totals.passed += passed;
  totals.failed += failures.length;
  totals.skipped += skippedCount;
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;
