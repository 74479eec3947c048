/** `npm run faults -- [--minutes N] [--seed N] [--only PIPELINE]`: docs/faults.md. */
import { parseArgs } from 'node:util';
import { randomInt } from 'node:crypto';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { type Deadline, deadlineIn } from '../../../lib/foundation/deadline.ts';
import { runFaults } from './fault-run.ts';
import { type PipelineName, pipelineNames } from './pipelines/pipeline.ts';
import { summary } from './summary.ts';

const usage = `npm run faults -- [--minutes N] [--seed N] [--only PIPELINE]…

Kills, freezes and cuts off workers, kills coordinators and restarts the broker while records are moved, on a real Kafka
and DynamoDB Local (Java 17, Maven), and compares what has arrived with what was generated. Exit code 1: a promise
was broken.

  --minutes N      how long faults go on (default 10); a round of them is always finished
  --seed N         the schedule of faults (default: a new one, which is printed)
  --only PIPELINE  one of ${pipelineNames.join(', ')}; more than once for several`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    only: { type: 'string', multiple: true, default: [...pipelineNames] },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else await run(Number(values.minutes), Number(values.seed), pipelinesOf(values.only));

function pipelinesOf(only: readonly string[]): PipelineName[] {
  const unknown = only.filter((name) => !pipelineNames.some((known) => known === name));
  if (unknown.length > 0) throw new Error(`Unknown pipeline ${unknown.join(', ')}\n\n${usage}`);
  return pipelineNames.filter((name) => only.includes(name));
}

async function run(minutes: number, seed: number, pipelines: PipelineName[]): Promise<void> {
  if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error(usage);
  console.log(`seed ${seed}, ${minutes} minutes, ${pipelines.join(', ')}`);
  const begun = systemClock.monotonic();
  const say = (line: string): void =>
    console.log(`${((systemClock.monotonic() - begun) / 1000).toFixed(0).padStart(5)} s  ${line}`);
  // Counts from the first fault on.
  let limit: Deadline | undefined;
  // Also at Ctrl-C no process is left behind.
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort(new Error(`Ended by ${signal}`)));
  const report = await runFaults({
    seed,
    pipelines,
    goesOn: () => !(limit ??= deadlineIn(minutes * 60_000, systemClock)).expired,
    say,
    signal: stop.signal,
  });
  console.log(`\n${summary(report, seed)}`);
  if (report.violations.length > 0) process.exitCode = 1;
}
