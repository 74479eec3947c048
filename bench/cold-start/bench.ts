/**
 * What a cold start costs: loading the bundled coordinator and worker, and the way from the start of a process to its
 * first record in Kafka and out of it. Each figure from fresh processes, taken in turns; Kafka is the dev broker, in
 * this process. `npm run bench:cold-start -- --rounds 15`
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { buildBundle } from '../../infra/build-bundle.ts';
import { eagerBytes } from '../../infra/eager-bytes.ts';
import { systemClock } from '../../lib/foundation/clock.ts';
import { deadlineIn } from '../../lib/foundation/deadline.ts';
import { startDevBroker } from '../../lib/kafka/dev-broker/dev-broker.ts';
import { connectKafka } from '../../lib/kafka/client/connect-kafka.ts';
import { medianOf } from '../median.ts';
import { storeFigures } from '../store-figures.ts';
import { textTable } from '../text-table.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '11' } } });
const rounds = Number(values.rounds);
const topic = 'bench';
const environment = {
  SLUICE_TABLE: 'table',
  SLUICE_BOOTSTRAP_SERVERS: 'b1:9092',
  SLUICE_COORDINATOR: 'coordinator',
  AWS_REGION: 'eu-central-1',
};

const folder = await mkdtemp(join(tmpdir(), 'sluice-cold-start-'));
const bundled = (name: string, source: string): { entry: string; eagerKb: number } => {
  const metafile = buildBundle(join(import.meta.dirname, source), join(folder, name));
  const bytes = [...eagerBytes(metafile).values()].reduce((sum, each) => sum + each, 0);
  return { entry: join(folder, name, 'index.mjs'), eagerKb: Math.round(bytes / 1_000) };
};

/** Milliseconds that a fresh process tells. */
const measured = async (args: readonly string[]): Promise<number> => {
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
  return Number(stdout);
};
const importing = (entry: string): Promise<number> => {
  const script = `const from = performance.now(); await import(${JSON.stringify(entry)}); console.log(performance.now() - from); process.exit();`;
  return measured(['--input-type=module', '-e', script]);
};

await using broker = await startDevBroker();
await using client = connectKafka({ bootstrapServers: [broker.bootstrapServers], clientId: 'bench' });
await client.createTopics([{ topic, partitions: 1, replicationFactor: -1 }], {
  deadline: deadlineIn(30_000, systemClock),
});

const coordinator = bundled('coordinator', '../../functions/coordinator.ts');
const worker = bundled('worker', 'file-worker.ts');
const own = bundled('own-code', 'own-code.ts');
const record = bundled('first-record', 'first-record.ts');
const fetched = bundled('first-fetch', 'first-fetch.ts');
const place = [broker.bootstrapServers, topic];
const lanes = [
  {
    name: 'start of Node.js alone',
    eagerKb: 0,
    run: () => measured(['-e', 'console.log(performance.now())']),
  },
  { name: 'import of the coordinator', ...coordinator, run: () => importing(coordinator.entry) },
  { name: 'import of a worker (file source)', ...worker, run: () => importing(worker.entry) },
  {
    name: 'import of its own code with the Kafka client, no AWS SDK',
    ...own,
    run: () => importing(own.entry),
  },
  { name: 'process start → first record in Kafka', ...record, run: () => measured([record.entry, ...place]) },
  {
    name: 'process start → first record fetched',
    ...fetched,
    run: () => measured([fetched.entry, ...place]),
  },
];

const taken = new Map<string, number[]>(lanes.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const { name, run } of lanes) taken.get(name)?.push(await run());

const figures = lanes.map(({ name, eagerKb }) => {
  const times = (taken.get(name) ?? []).map((ms) => Math.round(ms * 10) / 10);
  return {
    name,
    eagerKb,
    medianMs: medianOf(times),
    leastMs: Math.min(...times),
    mostMs: Math.max(...times),
  };
});
console.log(
  textTable([
    ['', 'loaded at once', 'median', 'least', 'most'],
    ...figures.map(({ name, eagerKb, medianMs, leastMs, mostMs }) => [
      name,
      eagerKb === 0 ? '' : `${eagerKb} KB`,
      ...[medianMs, leastMs, mostMs].map((ms) => `${ms.toFixed(1)} ms`),
    ]),
  ]),
);
await storeFigures('cold-start', { rounds, kafka: 'dev broker', figures });
await rm(folder, { recursive: true });
