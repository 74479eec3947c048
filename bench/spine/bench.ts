import { mkdtemp, mkdir, rm, chmod, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectPostgres, openPostgres } from '../../examples/demo/database.ts';
import { readRows } from '../../examples/demo/tables.ts';
import { silentLogger } from '../../lib/foundation/logger.ts';
import { systemClock } from '../../lib/foundation/clock.ts';
import { readConnectorFile, type ConnectorFile } from '../../lib/local/connector-files.ts';
import { startConnector } from '../../lib/local/dev-session.ts';
import { type OpenCluster, openLocalCluster } from '../../lib/local/open-local-cluster.ts';
import { bundledPlugins } from '../../lib/plugins/bundled.ts';
import { profiled, type Share } from '../cpu-profile.ts';

const help = `npm run bench [-- --rows N]

The demo's path in one process: PostgreSQL table → JDBC source → embedded Kafka, then Kafka → directory of
JSON lines. Prints rows a second, CPU seconds per million records, memory and where the time goes. Broker and
table run in the same process and are counted; PostgreSQL is a process of its own and is not.
  --rows N   rows to move (default 300000)
  --json F   also writes the figures to F
`;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '300000' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
} else {
  await bench(Number(values.rows));
}

interface Phase {
  readonly name: string;
  readonly records: number;
  readonly recordsPerSecond: number;
  readonly cpuSecondsPerMillion: number;
  readonly peakMemoryMb: number;
  readonly shares: readonly Share[];
}

async function bench(rows: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  await chmod(folder, 0o755);
  try {
    const phases = await measureAll(folder, rows);
    for (const phase of phases) print(phase);
    if (values.json !== undefined)
      await writeFile(values.json, `${JSON.stringify({ rows, node: process.version, phases }, null, 2)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureAll(folder: string, rows: number): Promise<Phase[]> {
  await using database = await openPostgres(join(folder, 'postgres'));
  await fill(database.url, rows);
  const output = join(folder, 'out');
  await mkdir(output);
  const forever = Number.MAX_SAFE_INTEGER;
  await using open = await openLocalCluster({
    plugins: bundledPlugins,
    log: silentLogger,
    environment: { DATABASE_URL: database.url, OUTPUT_DIRECTORY: output },
    cadence: { mode: 'drain', rediscoveryMs: forever, forced: { mode: 'drain', everyMs: forever } },
  });
  const file = async (name: string, change: Record<string, string>): Promise<ConnectorFile> => {
    const connector = await readConnectorFile(join(import.meta.dirname, '../../examples', name));
    return { ...connector, config: { ...connector.config, ...change } };
  };
  const source = await file('nycflights-source.json', {
    'table.whitelist': 'flights',
    'batch.max.rows': '5000',
  });
  const sink = await file('nycflights-files.json', { topics: 'nyc-flights', 'tasks.max': '1' });
  return [
    await measure('PostgreSQL → JDBC source → JsonConverter → Kafka', open, source, rows),
    await measure('Kafka → JsonConverter → directory sink', open, sink, rows),
  ];
}

async function fill(url: string, rows: number): Promise<void> {
  await using database = await connectPostgres(url);
  await database.create('flights');
  const slice = readRows(join(import.meta.dirname, '../../examples/demo/data'), 'flights');
  for (let left = rows; left > 0; left -= slice.length)
    await database.insert('flights', slice.slice(0, left));
}

async function measure(
  name: string,
  { cluster }: OpenCluster,
  connector: ConnectorFile,
  rows: number,
): Promise<Phase> {
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { shares } = await profiled(async () => {
    await startConnector(cluster, connector);
    for (let moved = 0; moved < rows; ) {
      await cluster.tick([connector.name]);
      const [status] = await cluster.status([connector.name]);
      const trace = status?.trace ?? status?.tasks.find((task) => task.trace !== undefined)?.trace;
      if (trace !== undefined) throw new Error(trace);
      moved = status?.tasks.reduce((sum, task) => sum + task.records, 0) ?? 0;
      await systemClock.sleep(100);
    }
  });
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  clearInterval(sampler);
  return {
    name,
    records: rows,
    recordsPerSecond: Math.round(rows / seconds),
    cpuSecondsPerMillion: (used.user + used.system) / rows,
    peakMemoryMb: Math.round(peak / 2 ** 20),
    shares: shares
      .slice(0, 12)
      .map(({ where, percent }) => ({ where, percent: Math.round(percent * 10) / 10 })),
  };
}

function print({ name, records, recordsPerSecond, cpuSecondsPerMillion, peakMemoryMb, shares }: Phase): void {
  const lines = [
    `\n${name}`,
    `  ${records.toLocaleString('en-US')} records, ${recordsPerSecond.toLocaleString('en-US')} records/s, ${cpuSecondsPerMillion.toFixed(2)} CPU s per million, peak ${peakMemoryMb} MB`,
    ...shares.map(({ where, percent }) => `  ${percent.toFixed(1).padStart(5)} %  ${where}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
