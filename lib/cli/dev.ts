import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError } from '../api/errors.ts';
import { readConnectorFile } from '../local/connector-files.ts';
import { runDevSession } from '../local/dev-session.ts';
import { PluginRegistry } from '../plugins/registry.ts';
import { bundledPlugins } from '../plugins/bundled.ts';
import { systemClock } from '../foundation/clock.ts';
import { loadPlugins } from './load-plugins.ts';
import { createProgress } from './progress.ts';
import { realKafka, realKafkaOptions } from './real-kafka.ts';
import { createTerminalLog } from './terminal-log.ts';
import type { Terminal } from './terminal.ts';
import { warnOfConfig } from './config-warnings.ts';

export const devHelp = `sluice dev [options] CONNECTOR.json…

Runs connectors in this process: the same coordinator and task code as on AWS, with an embedded
Kafka broker and DynamoDB table.

  --once                     drain every connector once, then end: exit code 0, or 1 with the failures
  --exactly-once             sources deliver exactly once (docs/exactly-once.md)
  --bootstrap-server H:P,…   a real Kafka instead of the embedded broker
  --command-config FILE      how to sign in there: a properties file with security.protocol, sasl.* and
                             ssl.*, as Kafka's own tools take it (docs/kafka-authentication.md)
  --state DIR                keep offsets (and the embedded broker's topics) in DIR, so that the next
                             session moves only what is new
  --plugin PATH              a module that exports plugins (connectors, transformations, converters);
                             may be given several times
  --verbose                  log lines of the coordinator and the tasks
  --help

A connector file is what Kafka Connect's REST API takes: {"name": "orders", "config": {…}}, or the flat
map of keys. Ctrl-C stops in order: tasks drain and commit. A second Ctrl-C ends at once and loses
nothing: what was not committed is read again.
`;

/** The `dev` command. Answers the exit code. */
export async function dev(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      once: { type: 'boolean', default: false },
      'exactly-once': { type: 'boolean', default: false },
      ...realKafkaOptions,
      state: { type: 'string' },
      plugin: { type: 'string', multiple: true, default: [] },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    terminal.out.write(devHelp);
    return 0;
  }
  if (positionals.length === 0)
    throw new ConfigError('No connector file given', { hint: 'sluice dev --once my-connector.json' });
  const kafka = await realKafka(values, terminal);
  const connectors = await Promise.all(positionals.map(readConnectorFile));
  const plugins = [...bundledPlugins, ...(await loadPlugins(values.plugin))];
  const registry = new PluginRegistry(plugins);
  for (const { path, name, config } of connectors)
    warnOfConfig(path, { ...config, name }, registry, terminal);
  if (values.state !== undefined) await mkdir(values.state, { recursive: true });

  const progress = createProgress(terminal.out, systemClock);
  const result = await runDevSession({
    connectors,
    plugins,
    once: values.once,
    exactlyOnce: values['exactly-once'],
    environment: terminal.environment,
    log: createTerminalLog(terminal, values.verbose ? 'info' : 'error'),
    signal: terminal.stopSignal,
    onProgress: (statuses) => progress.update(statuses),
    ...(kafka && { kafka }),
    ...(values.state === undefined ? {} : { stateDirectory: resolve(values.state) }),
  });
  for (const { connector, trace } of result.failures) terminal.error.write(`\n${connector}: ${trace}\n`);
  return result.failures.length > 0 ? 1 : 0;
}
