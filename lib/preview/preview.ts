import type { ConnectorConfig } from '../api/config.ts';
import type { Plugin } from '../api/connector.ts';
import { ConfigError } from '../api/errors.ts';
import { type ConfigProviders, resolvePlaceholders } from '../config-providers/placeholders.ts';
import { type Clock, systemClock } from '../foundation/clock.ts';
import { type Logger, silentLogger } from '../foundation/logger.ts';
import { type Random, systemRandom } from '../foundation/random.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import { PluginRegistry } from '../plugins/registry.ts';
import { requireValidConfig } from '../plugins/require-valid-config.ts';
import type { Table } from '../storage/table.ts';
import { openScope } from './preview-scope.ts';
import { previewSink } from './preview-sink.ts';
import { previewSource } from './preview-source.ts';
import type { RecordPreview } from './record-preview.ts';
import { Secrets } from './secrets.ts';

export interface PreviewOptions {
  readonly name: string;
  readonly config: ConnectorConfig;
  readonly plugins: readonly Plugin[];
  /** How many records to show. Default 10. */
  readonly records?: number;
  /** Which task of a source. Default 0. */
  readonly task?: number;
  /** How long to wait for records, milliseconds. Default 10 s. */
  readonly timeLimitMs?: number;
  /** Where offsets are committed; only read. Absent: from the beginning. */
  readonly table?: Table;
  /** Needed for a sink; only read. */
  readonly kafka?: KafkaClient;
  /** What placeholders such as `${env:NAME}` are resolved with. Default: they stay as they are. */
  readonly providers?: ConfigProviders;
  /** Worker-level settings, such as converters for connectors without their own. */
  readonly workerConfig?: ConnectorConfig;
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly random?: Random;
  /** For log lines of the plugin. Default: none. */
  readonly log?: Logger;
  /** Aborted: ends with what has been read. */
  readonly signal?: AbortSignal;
}

const defaults = {
  records: 10,
  task: 0,
  timeLimitMs: 10_000,
  providers: {},
  workerConfig: {},
  clock: systemClock,
  random: systemRandom,
  log: silentLogger,
} as const satisfies Partial<PreviewOptions>;

/** The options with nothing left open but what may be absent. */
export type CompleteOptions = PreviewOptions & Required<Pick<PreviewOptions, keyof typeof defaults>>;

/** `ENOUGH`: as many as asked for; `CAUGHT_UP`: there are no more now; `TIME_LIMIT`, `STOPPED`: the wait was ended. */
export type PreviewEnd = 'ENOUGH' | 'CAUGHT_UP' | 'TIME_LIMIT' | 'STOPPED';

/** What was read, before it has a name. */
export interface PreviewedRecords {
  readonly records: readonly RecordPreview[];
  readonly end: PreviewEnd;
  /** Tasks the connector would have; a sink's partitions are dealt to as many. */
  readonly tasks: number;
}

/** Plain data, without secrets. */
export interface Preview extends PreviewedRecords {
  readonly connector: string;
  readonly class: string;
  readonly type: 'source' | 'sink';
  readonly task: number;
  /** How many committed offsets were found: the preview goes on from them. */
  readonly committedOffsets: number;
}

/**
 * Runs a connector's own code and its whole chain on the first records, and writes nothing: no record, no topic, no
 * offset, no claim, no dead letter. Of a source it calls start, poll and stop only; a sink's task is not even made.
 * Throws a ConfigError with every error of an invalid config, and what the connector throws, without secrets.
 */
export async function preview(given: PreviewOptions): Promise<Preview> {
  const options = { ...defaults, ...given };
  const { name, config, kafka } = options;
  const registry = new PluginRegistry(options.plugins);
  const validation = requireValidConfig(name, config, registry);
  const plugin = registry.connector(config['connector.class'] ?? '');
  if (plugin.kind === 'sink' && kafka === undefined) {
    throw new ConfigError(`${name} is a sink: a preview reads its topics, and needs Kafka for that`, {
      hint: 'Say where Kafka is: --bootstrap-server host:port, or --state DIR of an earlier `sluice dev` session.',
    });
  }
  const resolved = await resolvePlaceholders(config, options.providers);
  const secrets = new Secrets(validation, config, resolved);
  try {
    await using scope = await openScope(options, { registry, resolved, secrets });
    const previewed = await (plugin.kind === 'source' ? previewSource(plugin, scope) : previewSink(scope));
    return {
      connector: name,
      class: plugin.class,
      type: plugin.kind,
      task: scope.task,
      committedOffsets: scope.committedOffsets,
      ...previewed,
    };
  } catch (error) {
    throw secrets.hideInError(error);
  }
}
