import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startKafka } from '../../test/real/servers/kafka.ts';
import { javaUnavailable } from '../../test/real/servers/maven-jars.ts';
import { resultsFolder, storeFigures } from '../store-figures.ts';
import { chart, charted } from './chart.ts';
import { contest } from './contest.ts';
import { type Figures, table } from './figures.ts';
import { holdRecords, type Site } from './held-records.ts';
import { bundleLanes } from './lanes/bundle-lanes.ts';
import { OrdersDatabase } from './orders-database.ts';
import { fits, type Path, paths } from './paths.ts';
import { type Shape, shapes } from './shapes.ts';
import { Topics } from './topics.ts';
import { warmFigures, warmTable } from './warm.ts';

const help = `npm run bench:kafka [-- --records N --rounds N --only PATH]

Sluice, kafkajs and Java on one real Kafka broker (needs Java 17, Maven and Linux), each run in a process of its own
with the operating system's account of its CPU time, contenders taking turns round by round.
${paths.map(({ name, title }) => `  ${name.padEnd(9)} ${title}\n`).join('')}\
Records of 200 bytes and of 1 KB, plain and with lz4, on their way through transformations also lines of a log, and
rows of a PostgreSQL table, 257 bytes as JSON. Figures are medians over the rounds; those by CPU hold on a busy machine
as well. Plain records of 200 bytes and rows are moved in short and in long runs (five times as many): what the long ones
take beyond the short ones is what a warm process needs.
All goes to bench/results/kafka.json, and as a chart to bench/results/kafka.svg.
  --records N   records of 200 bytes, or rows, in a short run (default 1000000); of 1 KB a quarter of it
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
  const chosenShapes = chosen(shapes, options.shape).filter((shape) =>
    chosenPaths.some((path) => fits(path, shape)),
  );
  if (chosenShapes.length === 0) throw new Error(`"${options.shape}" cannot take the path "${options.only}"`);
  const missing = await javaUnavailable();
  // The broker itself is Java: there is nothing to measure against without it.
  if (missing !== undefined)
    return tell(`No broker, and no Java contender: ${missing}. Nothing is measured.`);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    await using broker = await startKafka({ heap: '1g' });
    await using topics = await Topics.connect(broker.bootstrapServers);
    const needsDatabase = chosenShapes.some(({ row }) => row !== undefined);
    await using database = needsDatabase ? await startDatabase(folder) : undefined;
    const lanes = bundleLanes(join(folder, 'lanes'));
    const results: Result[] = [];
    const site = { folder, topics, bootstrapServers: broker.bootstrapServers, rounds, lanes, database };
    for (const shape of chosenShapes) {
      const itsPaths = chosenPaths.filter((path) => fits(path, shape));
      const short = await measureShape(shape, itsPaths, Math.round(records * shape.share), site);
      const long = shape.isLong ? await measureShape(shape, itsPaths, records * longer, site) : [];
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

/** It may run as a user of its own, and must reach its data and the rows to load. */
async function startDatabase(folder: string): Promise<OrdersDatabase> {
  await chmod(folder, 0o755);
  return OrdersDatabase.start(join(folder, 'postgres'));
}

async function measureShape(
  shape: Shape,
  itsPaths: readonly Path[],
  records: number,
  site: Site & { readonly rounds: number },
): Promise<Result[]> {
  await using held = await holdRecords(shape, records, site);
  const { bytesPerRecord, inputBytes, given } = held;
  const { topics, rounds } = site;
  const results: Result[] = [];
  for (const path of itsPaths) {
    tell(`\n${shape.name}, ${path.name}: ${path.title}, ${records.toLocaleString('en-US')} records`);
    const figures = await contest({ topics, path, rounds, given, inputBytes, tell });
    tell(table(figures));
    if (path.note !== undefined) tell(path.note);
    results.push({ shape: shape.name, path: path.name, bytesPerRecord, records, figures });
  }
  return results;
}

function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  name: string | undefined,
): readonly T[] {
  const found = all.filter((each) => name === undefined || each.name === name);
  if (found.length > 0) return found;
  throw new Error(`there is no "${name}"; choose one of ${all.map((each) => each.name).join(', ')}`);
}
