import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runFaults, type FaultReport } from './fault-run.ts';
import { faultKinds, workerFaults } from './fault-schedule.ts';
import { pipelineNames } from './pipelines/pipeline.ts';
import { summary } from './summary.ts';

/** One round of faults of a fresh schedule; `npm run faults` goes on for as long as it is told to. */
describe('three pipelines under faults', () => {
  const seed = randomInt(2 ** 31);
  const stop = new AbortController();
  const lines: string[] = [];
  let report: FaultReport;

  beforeAll(async () => {
    report = await runFaults({
      seed,
      pipelines: pipelineNames,
      goesOn: (round) => round === 0,
      say: (line) => lines.push(line),
      signal: stop.signal,
    });
    process.stdout.write(`${summary(report, seed)}\n`);
  }, 600_000);
  afterAll(() => stop.abort());

  it('meets every fault', () => {
    expect(Object.fromEntries(report.faults)).toEqual(
      Object.fromEntries(
        faultKinds.map((kind) => [
          kind,
          workerFaults.some((fault) => fault === kind) ? pipelineNames.length : 1,
        ]),
      ),
    );
  });

  it('loses nothing, repeats only what its promise allows, and keeps the order', () => {
    expect(report.violations, `seed ${seed}\n${lines.join('\n')}`).toEqual([]);
  });
});
