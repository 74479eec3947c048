import type { ConnectorConfig } from '../api/config.ts';
import type { Plugin } from '../api/connector.ts';
import { disk } from '../config-providers/disk.ts';
import { kafkaProviders } from '../config-providers/kafka-providers.ts';
import { createLogger } from '../foundation/logger.ts';
import { drainOnce } from '../local/drain-once.ts';
import { bundledPlugins } from '../plugins/bundled.ts';
import { requireValidConfig } from '../plugins/require-valid-config.ts';
import { ConnectorRun, type NextRun } from './connector-run.ts';
import { MemoryCluster } from './memory-cluster.ts';
import { RealWorkWatch } from './real-work.ts';
import { VirtualClock } from './virtual-clock.ts';
import { WorkFolder } from './work-folder.ts';

export interface RunConnectorOptions extends NextRun {
  /** As for Kafka Connect. `${files:name}` is the path of a file in a temporary folder of this run. */
  readonly config: ConnectorConfig;
  /** Default: `name` in the config, else `under-test`. */
  readonly name?: string;
  /** Plugins of your own beside the bundled ones. */
  readonly plugins?: readonly Plugin[];
  /** What `${env:NAME}` resolves to. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Worker-level settings, such as converters for connectors without their own. */
  readonly workerConfig?: ConnectorConfig;
}

/**
 * Runs a whole connector, coordinator and tasks, over a Kafka and a table in memory until it has caught up, on a
 * clock of its own: minutes pass in milliseconds. Throws a ConfigError with every error of an invalid config, and a
 * ConnectError with the trace when the connector or a task failed (unless `mayFail`).
 */
export async function runConnector(options: RunConnectorOptions): Promise<ConnectorRun> {
  const { config, plugins = [], environment = {}, workerConfig = {} } = options;
  const name = options.name ?? config['name'] ?? 'under-test';
  const work = new RealWorkWatch();
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await WorkFolder.create());
  const log = createLogger((line) => void cluster.log.push(line), 'info');
  const providers = {
    ...kafkaProviders({ environment, files: disk, workerConfig, log }),
    files: folder.provider,
  };
  const cluster: MemoryCluster = new MemoryCluster({
    plugins: [...bundledPlugins, ...plugins].map((plugin) => work.watch(plugin)),
    cadence: drainOnce,
    providers: work.providers(providers),
    workerConfig,
    logLevel: 'info',
    clock: new VirtualClock(undefined, () => work.idle()),
  });
  requireValidConfig(name, config, cluster.registry, workerConfig);
  await cluster.add(name, config);
  const run = new ConnectorRun({ cluster, folder, name, config, workerConfig });
  await run.again(options);
  resources.move();
  return run;
}
