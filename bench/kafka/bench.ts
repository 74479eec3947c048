import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startKafka } from '../../test/real/servers/kafka.ts';
import { javaUnavailable } from '../../test/real/servers/maven-jars.ts';
import { writeRecords } from '../records-file.ts';
import { resultsFolder, storeFigures } from '../store-figures.ts';
import { chart, charted } from './chart.ts';
import { producers } from './client-contenders.ts';
import { contest } from './contest.ts';
import type { Turn } from './contender.ts';
import { type Figures, table } from './figures.ts';
import { javaClassPath } from './java.ts';
import { measuredRun } from './measured-run.ts';
import { type Path, paths } from './paths.ts';
import { type Shape, shapes } from './shapes.ts';
import { bundleLanes, type Lanes } from './lanes/bundle-lanes.ts';
import { Topics } from './topics.ts';
import { warmFigures, warmTable } from './warm.ts';

const help = `npm run bench:kafka [-- --records N --rounds N --only PATH]

Sluice, kafkajs and Java on one real Kafka broker (needs Java 17, Maven and Linux), each run in a process of its own
with the operating system's account of its CPU time, contenders taking turns round by round.
${paths.map(({ name, title }) => `  ${name.padEnd(9)} ${title}\n`).join('')}\
Records of 200 bytes and of 1 KB, plain and with lz4. Figures are medians over the rounds; those by CPU hold on a busy
machine as well. Plain records of 200 bytes are moved in short and in long runs (five times as many): what the long ones
take beyond the short ones is what a warm process needs. All goes to bench/results/kafka.json, and as a chart to
bench/results/kafka.svg.
  --records N   records of 200 bytes in a short run (default 1000000); of 1 KB a quarter of it
  --rounds N    runs of each contender (default 3)
  --only PATH   this path alone; no figures are stored
  --shape NAME  these records alone (${shapes.map(({ name }) => `"${name}"`).join(', ')}); no figures are stored
`;

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    shape: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const distinctRecords = 10_000;
/** A JVM warms up: short runs alone would flatter who does not. */
const longer = 5;

interface Result {
  readonly shape: string;
  readonly path: string;
  readonly bytesPerRecord: number;
  readonly records: number;
  readonly figures: readonly Figures[];
}

const tell = (text: string): void => void process.stdout.write(`${text}\n`);

if (options.help) tell(help);
else await bench(Number(options.records), Number(options.rounds));

async function bench(records: number, rounds: number): Promise<void> {
  const chosenPaths = chosen(paths, options.only);
  const chosenShapes = chosen(shapes, options.shape);
  const missing = await javaUnavailable();
  // The broker itself is Java: there is nothing to measure against without it.
  if (missing !== undefined)
    return tell(`No broker, and no Java contender: ${missing}. Nothing is measured.`);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    await using broker = await startKafka({ heap: '1g' });
    await using topics = await Topics.connect(broker.bootstrapServers);
    const lanes = bundleLanes(join(folder, 'lanes'));
    const results: Result[] = [];
    const site = { folder, topics, bootstrapServers: broker.bootstrapServers, rounds, lanes };
    for (const shape of chosenShapes) {
      const short = await measureShape(shape, chosenPaths, Math.round(records * shape.share), site);
      const long = shape.isLong ? await measureShape(shape, chosenPaths, records * longer, site) : [];
      results.push(...short, ...long);
      tellWarm(short, long);
      // After each shape, so that a run that is broken off keeps what it has measured.
      if (options.only === undefined && options.shape === undefined) {
        await storeFigures('kafka', { rounds, results });
        await writeFile(join(resultsFolder, 'kafka.svg'), chart(charted(results)));
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tellWarm(short: readonly Result[], long: readonly Result[]): void {
  for (const result of long) {
    const before = short.find(({ path }) => path === result.path);
    if (before === undefined) continue;
    tell(
      `\n${result.shape}, ${result.path}, warm: what ${result.records.toLocaleString('en-US')} records take more`,
    );
    tell(warmTable(warmFigures(before, result)));
  }
}

interface Site {
  readonly folder: string;
  readonly topics: Topics;
  readonly bootstrapServers: string;
  readonly rounds: number;
  readonly lanes: Lanes;
}

async function measureShape(
  shape: Shape,
  chosenPaths: readonly Path[],
  records: number,
  { folder, topics, bootstrapServers, rounds, lanes }: Site,
): Promise<Result[]> {
  const [recordsFile, inputFile] = [join(folder, 'records'), join(folder, 'input')];
  const bytesPerRecord = await writeRecords(recordsFile, distinctRecords, shape.record);
  await writeRecords(inputFile, records, (index) => shape.record(index % distinctRecords));
  const topic = await topics.create();
  const classPath = await javaClassPath();
  const given = { bootstrapServers, topic, recordsFile, inputFile, folder, records, shape, classPath, lanes };
  await fill({ ...given, outputFile: '', connector: '' }, topics);
  const results: Result[] = [];
  for (const path of chosenPaths) {
    tell(`\n${shape.name}, ${path.name}: ${path.title}, ${records.toLocaleString('en-US')} records`);
    const { size: inputBytes } = await stat(inputFile);
    const figures = await contest({ topics, path, rounds, given, inputBytes, tell });
    tell(table(figures));
    results.push({ shape: shape.name, path: path.name, bytesPerRecord, records, figures });
  }
  await topics.delete(topic);
  return results;
}

/** The topic consumers and sinks read, written by our own producer: with any other its batches would be others. */
async function fill(turn: Turn, topics: Topics): Promise<void> {
  const [ours] = producers;
  if (ours === undefined) throw new Error('no producer is listed');
  await measuredRun(await ours.launch(turn), {
    records: turn.records,
    moved: () => topics.records(turn.topic),
  });
}

function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  name: string | undefined,
): readonly T[] {
  const found = all.filter((each) => name === undefined || each.name === name);
  if (found.length > 0) return found;
  throw new Error(`there is no "${name}"; choose one of ${all.map((each) => each.name).join(', ')}`);
}
