import { silentLogger } from '../../../lib/foundation/logger.ts';
import { systemClock } from '../../../lib/foundation/clock.ts';
import { connectKafka } from '../../../lib/kafka/client/connect-kafka.ts';
import { LocalCluster } from '../../../lib/local/local-cluster.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';

/** The whole of Sluice with one connector, until it is told to stop: coordinator, worker, table in memory. */
const [bootstrapServers = '', config = '{}'] = process.argv.slice(2);
const name = 'bench';
const tickMs = 500;

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await using kafka = connectKafka({ bootstrapServers: [bootstrapServers], clientId: 'bench' });
const cluster = new LocalCluster({
  table: memoryTable(),
  kafka,
  plugins: bundledPlugins,
  cadence: { mode: 'continuous', rediscoveryMs: 60_000 },
  environment: {},
  log: silentLogger,
});
await cluster.put(name, JSON.parse(config) as Record<string, string>);
while (!stop.signal.aborted) {
  await cluster.tick([name]);
  const [status] = await cluster.status([name]);
  const trace = status?.trace ?? status?.tasks.find((task) => task.trace !== undefined)?.trace;
  if (trace !== undefined) throw new Error(trace);
  await systemClock.sleep(tickMs, stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
}
await cluster.stop();
