/** `npm run conformance`: replays recordings of Kafka Connect against this code. */
import { readdirSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { parseArgs } from 'node:util';
import { type Recording, recordingOf, replayFile } from './recordings.ts';

const help = `npm run conformance -- [options]

Replays recordings of Kafka Connect, in the format of its vectors, against this code.

  --vectors DIR   every file of recordings in a folder (default: the ones of the project)
  --only GLOB     of those, only files whose name without its ending matches: 'transform-*'
  --dlq FILE      one file of dead-letter scenarios
  --traces FILE   one file of traced connectors
  --show N        differences shown for each file (default 10)
`;

const { values } = parseArgs({
  options: {
    vectors: { type: 'string' },
    only: { type: 'string', default: '*' },
    dlq: { type: 'string' },
    traces: { type: 'string' },
    show: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(help);
} else {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { file, recording } of chosenFiles()) {
    const { passed, failures, skipped } = await replayFile(file, recording);
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
}

function chosenFiles(): { file: string; recording: Recording }[] {
  const { vectors, only, dlq, traces } = values;
  const named = [
    ...(dlq === undefined ? [] : [{ file: dlq, recording: 'dlq' as const }]),
    ...(traces === undefined ? [] : [{ file: traces, recording: 'traces' as const }]),
  ];
  if (vectors === undefined && named.length > 0) return named;
  const folder = vectors ?? join(import.meta.dirname, 'vectors');
  const found = readdirSync(folder)
    .toSorted()
    .flatMap((file) => {
      const recording = recordingOf(file);
      const matches = matchesGlob(file.replace(/\.jsonl?(\.gz)?$/, ''), only);
      return recording === undefined || !matches ? [] : [{ file: join(folder, file), recording }];
    });
  return [...named, ...found];
}
