import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger, type LogLine, silentLogger } from '../../../lib/foundation/logger.ts';
import { startDevBroker } from '../../../lib/kafka/dev-broker/dev-broker.ts';
import { keepRunning, startConnector } from '../../../lib/local/dev-session.ts';
import { openLocalCluster } from '../../../lib/local/open-local-cluster.ts';
import { bundledPlugins } from '../../../lib/plugins/bundled.ts';

const text = 'org.apache.kafka.connect.storage.StringConverter';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-outage-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('a broker that goes down in the middle and comes back: one clear warning, nothing lost, nothing out of order', async () => {
  const [input, output, directory] = ['in.txt', 'out.txt', 'kafka'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const lines = Array.from({ length: 300 }, (_, n) => `line ${n}`);
  await writeFile(input, `${lines.slice(0, 100).join('\n')}\n`);
  const log: LogLine[] = [];
  let broker = await startDevBroker({ directory, log: silentLogger });
  const port = Number(broker.bootstrapServers.split(':')[1]);
  await using open = await openLocalCluster({
    plugins: bundledPlugins,
    cadence: keepRunning,
    environment: {},
    kafka: { bootstrapServers: [broker.bootstrapServers] },
    log: createLogger((line) => void log.push(line), 'warn'),
  });
  const connectors = [
    {
      name: 'in',
      config: { 'connector.class': 'FileStreamSource', file: input, topic: 'lines', 'value.converter': text },
    },
    {
      name: 'out',
      config: { 'connector.class': 'FileStreamSink', file: output, topics: 'lines', 'value.converter': text },
    },
  ];
  for (const { name, config } of connectors) await startConnector(open.cluster, { path: name, name, config });
  const names = connectors.map(({ name }) => name);
  const arrived = async (): Promise<string[]> =>
    (await readFile(output, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    const poll = async (): Promise<boolean> => {
      await open.cluster.tick(names);
      return condition();
    };
    await expect.poll(poll, { timeout: 50_000, interval: 200 }).toBe(true);
  };

  await until(async () => (await arrived()).length === 100);
  await broker.close();
  await appendFile(input, `${lines.slice(100, 200).join('\n')}\n`);
  await until(async () =>
    log.some(
      ({ message, error }) =>
        message === 'run ends with an error' && String(error).includes(`127.0.0.1:${port}`),
    ),
  );
  await appendFile(input, `${lines.slice(200).join('\n')}\n`);
  broker = await startDevBroker({ directory, port, log: silentLogger });
  await until(async () => new Set(await arrived()).size === 300);
  // At least once: a repeated line is allowed, a lost or late one is not.
  expect([...new Set(await arrived())]).toEqual(lines);
  await open.cluster.stop();
  await broker.close();
});
