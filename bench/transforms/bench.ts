import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kafkaClassPath } from '../../test/real/servers/kafka.ts';
import { javaUnavailable } from '../../test/real/servers/maven-jars.ts';
import type { Share } from '../cpu-profile.ts';
import { writeRecords } from '../records-file.ts';
import { storeFigures } from '../store-figures.ts';
import { type Case, cases } from './cases.ts';
import { Contender } from './contender.ts';
import type { Round } from './node-lane.ts';
import { type Summary, summarize, table } from './summary.ts';

const help = `npm run bench:transforms [-- --records N --rounds N --only LANE]

Records through JsonConverter → InsertField, MaskField, ReplaceField → JsonConverter, each lane in a process of its
own, the lanes taking turns round by round.
  ours       the worker's path: SinkPipeline and SourcePipeline with the error operator
  java       the same chain of Kafka Connect's own classes; needs Java 17 and Maven, else it is left out
  json       JSON.parse and JSON.stringify of the same bytes and nothing else: the limit
  read       JsonConverter.toConnectData alone     parse      JSON.parse of the bytes alone
  write      JsonConverter.fromConnectData alone   stringify  JSON.stringify to bytes alone
Rates are medians over the rounds after the first; those by CPU hold on a busy machine as well. Figures go to bench/results/transforms.json.
  --records N   records a round (default 300000)
  --rounds N    rounds a lane (default 7; the first is told apart)
  --only LANE   this lane alone, with the share of CPU time by file for those in Node; no figures are stored
`;

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** Each group takes turns; its first lane is compared with the others. */
const groups = [
  ['ours', 'java', 'json'],
  ['read', 'parse'],
  ['write', 'stringify'],
];
const distinctRecords = 10_000;

interface Job {
  readonly each: Case;
  readonly recordsFile: string;
  readonly classPath: string | undefined;
}

if (options.help) {
  process.stdout.write(help);
} else {
  await bench(Number(options.records), Number(options.rounds));
}

async function bench(records: number, rounds: number): Promise<void> {
  const missing = await javaUnavailable();
  if (missing !== undefined) process.stdout.write(`the Java lane is left out: ${missing}\n`);
  const classPath = missing === undefined ? await kafkaClassPath() : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const results: { case: string; bytesPerRecord: number; groups: Summary[][] }[] = [];
  try {
    for (const each of cases) {
      const recordsFile = join(folder, 'records.jsonl');
      const bytesPerRecord = await writeRecords(recordsFile, distinctRecords, (i) => each.record(i));
      process.stdout.write(`\n${each.name} (${bytesPerRecord} bytes)\n`);
      const job: Job = { each, recordsFile, classPath };
      if (options.only === undefined) {
        results.push({ case: each.name, bytesPerRecord, groups: await compareAll(job, records, rounds) });
      } else {
        await examine(job, options.only, records, rounds);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (options.only === undefined) await storeFigures('transforms', { records, rounds, results });
}

async function compareAll(job: Job, records: number, rounds: number): Promise<Summary[][]> {
  const all: Summary[][] = [];
  for (const lanes of groups) {
    const summaries = await compare(
      job,
      lanes.filter((lane) => lane !== 'java' || job.classPath !== undefined),
      { records, rounds },
    );
    process.stdout.write(table(summaries));
    all.push(summaries);
  }
  return all;
}

async function compare(
  job: Job,
  lanes: readonly string[],
  { records, rounds }: { readonly records: number; readonly rounds: number },
): Promise<Summary[]> {
  await using stack = new AsyncDisposableStack();
  const running = lanes.map((lane) => ({
    lane,
    contender: stack.use(contenderOf(job, lane)),
    done: [] as Round[],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const { contender, done } of running) done.push(await contender.round(records));
  }
  const summaries = running.map(({ lane, done }) => summarize(lane, records, done));
  checkSameOutput(summaries);
  return summaries;
}

/** Java's maps have another order, so it is the number of bytes that tells whether both wrote the same. */
function checkSameOutput(summaries: readonly Summary[]): void {
  const [ours, java] = ['ours', 'java'].map((lane) => summaries.find((each) => each.lane === lane));
  if (ours !== undefined && java !== undefined && ours.bytesWritten !== java.bytesWritten)
    throw new Error(`${ours.bytesWritten} bytes written where Kafka Connect wrote ${java.bytesWritten}`);
}

async function examine(job: Job, lane: string, records: number, rounds: number): Promise<void> {
  await using contender = contenderOf(job, lane);
  const done: Round[] = [];
  for (let round = 0; round < rounds; round++) done.push(await contender.round(records));
  process.stdout.write(table([summarize(lane, records, done)]));
  if (lane === 'java') return;
  const { shares = [] } = await contender.round(records, 'profile');
  process.stdout.write(shares.slice(0, 20).map(line).join(''));
}

function line({ where, percent }: Share): string {
  return `  ${percent.toFixed(1).padStart(5)} %  ${where}\n`;
}

function contenderOf({ each, recordsFile, classPath }: Job, lane: string): Contender {
  const config = JSON.stringify(each.config);
  if (lane !== 'java') return Contender.node(lane, recordsFile, config);
  if (classPath === undefined) throw new Error('the Java lane needs java and mvn on the path');
  return Contender.java(classPath, recordsFile, config);
}
