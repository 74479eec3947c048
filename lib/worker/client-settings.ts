import type { ConnectorConfig } from '../api/config.ts';
import { ConfigError } from '../api/errors.ts';
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
  /** Most records in one put; absent: all that came with one fetch, which is fastest. */
  readonly maxPollRecords?: number;
}

/** Kafka Connect's consumers fetch up to 50 MB at a time; a task function has less memory. */
const defaultMaxBytes = 8 * 1024 * 1024;
/** Records in one put, before it is divided, once batches have to be smaller. */
const cautiousRecords = 10_000;

/** `batchDivisor` above 1 makes batches smaller, for a task whose runs were killed: lib/coordinator/silent-deaths.ts. */
export function fetchSettings(config: ConnectorConfig, batchDivisor = 1): FetchSettings {
  const key = (name: string): string | undefined => config[`consumer.override.${name}`]?.trim();
  const count = (name: string): number | undefined => positive(`consumer.override.${name}`, key(name));
  const reset = key('auto.offset.reset')?.toLowerCase();
  const smaller = (size: number | undefined): number | undefined =>
    size === undefined ? undefined : Math.max(1, Math.ceil(size / batchDivisor));
  const maxPartitionBytes = smaller(count('max.partition.fetch.bytes'));
  const pollRecords = count('max.poll.records') ?? (batchDivisor > 1 ? cautiousRecords : undefined);
  const maxPollRecords = smaller(pollRecords);
  return {
    isolation: key('isolation.level') === 'read_committed' ? 'read_committed' : 'read_uncommitted',
    reset: reset === 'latest' || reset === 'none' ? reset : 'earliest',
    minBytes: count('fetch.min.bytes') ?? 1,
    maxBytes: Math.ceil((count('fetch.max.bytes') ?? defaultMaxBytes) / batchDivisor),
    ...(maxPartitionBytes === undefined ? {} : { maxPartitionBytes }),
    ...(maxPollRecords === undefined ? {} : { maxPollRecords }),
  };
}

const acksByName: Readonly<Record<string, -1 | 0 | 1>> = { all: -1, '-1': -1, '1': 1, '0': 0 };

/** What a source's `producer.override.*` keys mean here; batches are what the source polls, so there is no linger. */
export function producerSettings(config: ConnectorConfig): ProducerOptions {
  const key = (name: string): string | undefined => config[`producer.override.${name}`]?.trim().toLowerCase();
  const acks = acksByName[key('acks') ?? 'all'];
  if (acks === undefined) throw ConfigError.invalid('producer.override.acks', key('acks'));
  const compression = compressionTypes.find(
    (type: CompressionType) => type === (key('compression.type') ?? 'none'),
  );
  if (compression === undefined)
    throw ConfigError.invalid('producer.override.compression.type', key('compression.type'));
  return { compression, acks, idempotent: acks === -1 && key('enable.idempotence') !== 'false' };
}

function positive(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 1) throw ConfigError.invalid(name, value, 'must be at least 1');
  return parsed;
}
