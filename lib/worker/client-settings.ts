import type { ConnectorConfig } from '../api/config.ts';
import { ConfigError } from '../api/errors.ts';
import type { PartitionerOptions } from '../kafka/partitioner.ts';
import {
  compressionTypes,
  type CompressionType,
  type Isolation,
  type ProducerOptions,
} from '../kafka/ports.ts';

/** What a sink's `consumer.override.*` keys mean to a fetcher without a consumer group. */
export interface FetchSettings {
  readonly isolation: Isolation;
  /** Where a partition without an offset begins, and one whose offset is out of range goes on; `none` fails. */
  readonly reset: 'earliest' | 'latest' | 'none';
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly maxPartitionBytes?: number;
  readonly maxWaitMs?: number;
  readonly clientId?: string;
  /** Most records in one put; absent: all that came with one fetch, which is fastest. */
  readonly maxPollRecords?: number;
}

/** Kafka Connect's consumers fetch up to 50 MB at a time; a task function has less memory. */
const defaultMaxBytes = 8 * 1024 * 1024;
/** Records in one put, before it is divided, once batches have to be smaller. */
const cautiousRecords = 10_000;

/**
 * What is honoured here, and what is not, stands in lib/kafka/client-config/consumer-effects.ts. `batchDivisor` above 1
 * makes batches smaller, for a task whose runs were killed: lib/coordinator/silent-deaths.ts.
 */
export function fetchSettings(config: ConnectorConfig, batchDivisor = 1): FetchSettings {
  const settings = new Overrides('consumer', config);
  const reset = settings.word('auto.offset.reset');
  const smaller = (size: number | undefined): number | undefined =>
    size === undefined ? undefined : Math.max(1, Math.ceil(size / batchDivisor));
  const pollRecords =
    settings.number('max.poll.records', 1) ?? (batchDivisor > 1 ? cautiousRecords : undefined);
  return {
    isolation: settings.word('isolation.level') === 'read_committed' ? 'read_committed' : 'read_uncommitted',
    reset: reset === 'latest' || reset === 'none' ? reset : 'earliest',
    minBytes: settings.number('fetch.min.bytes', 1) ?? 1,
    maxBytes: Math.ceil((settings.number('fetch.max.bytes', 1) ?? defaultMaxBytes) / batchDivisor),
    ...given({
      maxPartitionBytes: smaller(settings.number('max.partition.fetch.bytes', 1)),
      maxWaitMs: settings.number('fetch.max.wait.ms', 0),
      maxPollRecords: smaller(pollRecords),
      clientId: settings.text('client.id'),
    }),
  };
}

const acksByName: Readonly<Record<string, -1 | 0 | 1>> = { all: -1, '-1': -1, '1': 1, '0': 0 };

/** Of Kafka's own settings for the levels of its codecs; the others have one. */
const levels: Readonly<Partial<Record<CompressionType, readonly [least: number, most: number]>>> = {
  gzip: [-1, 9],
  zstd: [-131_072, 22],
};

/** What `producer.override.*` keys mean here: lib/kafka/client-config/producer-effects.ts. */
export function producerSettings(config: ConnectorConfig): ProducerOptions {
  const settings = new Overrides('producer', config);
  const acks = acksByName[settings.word('acks') ?? 'all'];
  if (acks === undefined) throw settings.invalid('acks');
  const compression = compressionTypes.find(
    (type: CompressionType) => type === (settings.word('compression.type') ?? 'none'),
  );
  if (compression === undefined) throw settings.invalid('compression.type');
  const level = levels[compression];
  return {
    compression,
    acks,
    idempotent: acks === -1 && settings.word('enable.idempotence') !== 'false',
    ...given({
      compressionLevel: level && settings.number(`compression.${compression}.level`, ...level),
      maxBatchBytes: settings.number('batch.size', 0),
      maxInFlight: settings.number('max.in.flight.requests.per.connection', 1),
      requestTimeoutMs: settings.number('request.timeout.ms', 0),
      deliveryTimeoutMs: settings.number('delivery.timeout.ms', 0),
      clientId: settings.text('client.id'),
    }),
  };
}

const roundRobin = 'org.apache.kafka.clients.producer.RoundRobinPartitioner';

export function partitionerSettings(config: ConnectorConfig): PartitionerOptions {
  const settings = new Overrides('producer', config);
  if (settings.text('partitioner.class') === roundRobin) return { spread: 'round robin' };
  return { ignoreKeys: settings.word('partitioner.ignore.keys') === 'true' };
}

/** The settings a config overrides of one of Kafka's clients. Empty ones are not given. */
class Overrides {
  readonly #prefix: string;
  readonly #config: ConnectorConfig;

  constructor(client: 'producer' | 'consumer', config: ConnectorConfig) {
    this.#prefix = `${client}.override.`;
    this.#config = config;
  }

  text(name: string): string | undefined {
    return this.#config[this.#prefix + name]?.trim() || undefined;
  }

  word(name: string): string | undefined {
    return this.text(name)?.toLowerCase();
  }

  number(name: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const parsed = Number(value);
    if (Number.isInteger(parsed) && parsed >= least && parsed <= most) return parsed;
    throw this.invalid(
      name,
      most === Number.MAX_SAFE_INTEGER ? `must be at least ${least}` : `must be from ${least} to ${most}`,
    );
  }

  invalid(name: string, why?: string): ConfigError {
    return ConfigError.invalid(this.#prefix + name, this.text(name), why);
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
