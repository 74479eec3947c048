import { parseArgs } from 'node:util';
import { ConfigError } from '../api/errors.ts';
import { systemClock } from '../foundation/clock.ts';
import { stringifyExact } from '../foundation/json/stringify-exact.ts';
import type { Logger } from '../foundation/logger.ts';
import { systemRandom } from '../foundation/random.ts';
import { connectKafka } from '../kafka/client/connect-kafka.ts';
import type { KafkaPlace } from '../kafka/ports.ts';
import { readConnectorFile } from '../local/connector-files.ts';
import { localProviders } from '../local/local-providers.ts';
import { openStateCopy, type StateCopy } from '../local/state-copy.ts';
import { bundledPlugins } from '../plugins/bundled.ts';
import { PluginRegistry } from '../plugins/registry.ts';
import { preview as previewConnector, type Preview, type PreviewOptions } from '../preview/preview.ts';
import { loadPlugins } from './load-plugins.ts';
import { paintFor } from './paint.ts';
import { previewText } from './preview-text.ts';
import { realKafka, realKafkaOptions } from './real-kafka.ts';
import { createTerminalLog } from './terminal-log.ts';
import type { Terminal } from './terminal.ts';
import { warnOfConfig } from './config-warnings.ts';

export const previewHelp = `sluice preview [options] CONNECTOR.json

Shows what a connector would do, and writes nothing: no record, no topic, no offset, no dead letter.
A source reads its system, a sink its topics; each record is shown before and after its transformations
(+ added, - removed, ~ changed), dropped and failing ones with the reason.

  --records N                how many records to show (10)
  --steps                    also what each transformation did
  --task K                   which task of a source (0)
  --timeout SECONDS          how long to wait for records (10)
  --bootstrap-server H:P,…   the Kafka a sink reads from
  --command-config FILE      how to sign in there: a properties file, as Kafka's own tools take it
  --state DIR                go on from the offsets that \`sluice dev --state DIR\` has committed; a sink
                             reads the topics of its embedded broker. The folder itself is not changed
  --plugin PATH              a module that exports plugins; may be given several times
  --json                     one JSON object instead of text
  --verbose                  log lines of the connector
  --help

Exit code 0, or 1 when a record would fail the task. Secrets are shown as [hidden].
`;

/** The `preview` command. Answers the exit code. */
export async function preview(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    terminal.out.write(previewHelp);
    return 0;
  }
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0)
    throw new ConfigError('Give one connector file', { hint: 'sluice preview my-connector.json' });
  const records = wholeNumber('--records', values.records, 1);
  const task = wholeNumber('--task', values.task, 0);
  const seconds = wholeNumber('--timeout', values.timeout, 1);
  const real = await realKafka(values, terminal);
  const { name, config } = await readConnectorFile(path);
  const plugins = [...bundledPlugins, ...(await loadPlugins(values.plugin))];
  const registry = new PluginRegistry(plugins);
  warnOfConfig(path, { ...config, name }, registry, terminal);
  const isSink = registry.connector(config['connector.class'] ?? '').kind === 'sink';
  const log = createTerminalLog(terminal, values.verbose ? 'debug' : 'error');
  const result = await withState({ ...values, real, isSink }, log, (state) =>
    previewConnector({
      name,
      config,
      plugins,
      records,
      task,
      timeLimitMs: seconds * 1_000,
      providers: localProviders(terminal.environment, log),
      clock: systemClock,
      random: systemRandom,
      log,
      signal: terminal.stopSignal,
      ...state,
    }),
  );
  terminal.out.write(
    values.json
      ? `${stringifyExact(result, base64)}\n`
      : previewText(result, { paint: paintFor(terminal), steps: values.steps, seconds }),
  );
  return result.records.some(({ failure }) => failure?.tolerated === false) ? 1 : 0;
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      records: { type: 'string', default: '10' },
      steps: { type: 'boolean', default: false },
      task: { type: 'string', default: '0' },
      timeout: { type: 'string', default: '10' },
      ...realKafkaOptions,
      state: { type: 'string' },
      plugin: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

interface StateArguments {
  readonly state?: string | undefined;
  readonly real: KafkaPlace | undefined;
  /** A source needs no Kafka. */
  readonly isSink: boolean;
}

/** Opens what the preview may read from, and closes it again. */
async function withState(
  { state: directory, real, isSink }: StateArguments,
  log: Logger,
  work: (state: Pick<PreviewOptions, 'table' | 'kafka'>) => Promise<Preview>,
): Promise<Preview> {
  await using resources = new AsyncDisposableStack();
  const copy = directory === undefined ? undefined : resources.use(await openStateCopy(directory, log));
  const place = isSink ? (real ?? (await embedded(copy))) : undefined;
  const kafka = place && resources.use(connectKafka({ ...place, clientId: 'sluice-preview' }, { log }));
  return await work({ ...(copy && { table: copy.table }), ...(kafka && { kafka }) });
}

async function embedded(copy: StateCopy | undefined): Promise<KafkaPlace | undefined> {
  const bootstrapServers = await copy?.startBroker();
  return bootstrapServers && { bootstrapServers };
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least) return number;
  throw new ConfigError(`${option} must be a whole number from ${least} up, not "${text}"`);
}

const base64 = (value: object): string | undefined =>
  value instanceof Uint8Array ? JSON.stringify(Buffer.from(value).toString('base64')) : undefined;
