import type { Deadline } from '../foundation/deadline.ts';
import type { TopicPartition } from '../api/topic-partition.ts';
import type { TimestampType } from '../api/record.ts';
import type { KafkaError } from './kafka-error.ts';

/**
 * The Kafka port. Offsets are bigint, bytes Uint8Array or null, timestamps milliseconds as number. No call joins a
 * consumer group; every call ends by its deadline or when its signal is aborted. Failures are KafkaError.
 */
export interface KafkaClient extends AsyncDisposable {
  /** Reconnects what went stale while the process was idle or frozen; call it when a run begins. */
  ensureFresh(): Promise<void>;
  /** Unknown topics are absent from the answer. */
  describeTopics(topics: readonly string[], options: CallOptions): Promise<Map<string, TopicDescription>>;
  /** Names of all topics, without the broker's internal ones. */
  listTopics(options: CallOptions): Promise<string[]>;
  /** Topics that exist already are left as they are and reported in `existing`. */
  createTopics(
    topics: readonly NewTopic[],
    options: CallOptions,
  ): Promise<{ created: string[]; existing: string[] }>;
  listOffsets(
    asks: readonly OffsetAsk[],
    options: CallOptions & { readonly isolation?: Isolation },
  ): Promise<Map<TopicPartition, OffsetAnswer>>;
  /**
   * One round of fetching; stateless: the caller owns the positions. A partition whose leader is on the move is left
   * out while others are answered; it becomes an error when that lasts.
   */
  fetch(request: FetchRequest, options: CallOptions): Promise<Map<TopicPartition, FetchedPartition>>;
  producer(options: ProducerOptions): KafkaProducer;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly deadline: Deadline;
}

export type Isolation = 'read_uncommitted' | 'read_committed';

export interface TopicDescription {
  readonly partitions: readonly PartitionDescription[];
}

export interface PartitionDescription {
  readonly partition: number;
  /** -1: none at the moment. */
  readonly leader: number;
}

export interface NewTopic {
  readonly topic: string;
  /** -1: the broker's default. */
  readonly partitions: number;
  /** -1: the broker's default. */
  readonly replicationFactor: number;
  readonly configs?: Readonly<Record<string, string>>;
}

export interface OffsetAsk {
  readonly topic: string;
  readonly partition: number;
  readonly at: 'earliest' | 'latest' | { readonly timestamp: number };
}

export interface OffsetAnswer {
  /** -1n: no record at or after that timestamp. */
  readonly offset: bigint;
  readonly error?: KafkaError;
}

export interface FetchRequest {
  readonly assignments: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly offset: bigint;
  }[];
  readonly maxBytes: number;
  readonly maxPartitionBytes?: number;
  readonly minBytes: number;
  readonly maxWaitMs: number;
  readonly isolation: Isolation;
}

export interface KafkaHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

export interface KafkaRecord {
  readonly offset: bigint;
  readonly timestamp: number;
  readonly timestampType: TimestampType;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly KafkaHeader[];
}

export interface FetchedPartition {
  readonly records: readonly KafkaRecord[];
  /** Where to go on: also moves over control, aborted, compacted and empty batches. */
  readonly nextOffset: bigint;
  readonly highWatermark: bigint;
  readonly lastStableOffset: bigint;
  readonly logStartOffset: bigint;
  /** Set when this partition failed; the others of the same fetch still carry their data. */
  readonly error?: KafkaError;
}

export const compressionTypes = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type CompressionType = (typeof compressionTypes)[number];

export interface ProducerOptions {
  readonly compression?: CompressionType;
  /** Default -1 (all). */
  readonly acks?: -1 | 0 | 1;
  /** Default true. */
  readonly idempotent?: boolean;
}

export interface ProduceRecord {
  readonly topic: string;
  /** Chosen before the send, so that a retry cannot move the record. */
  readonly partition: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly KafkaHeader[];
  /** Null: now. */
  readonly timestamp: number | null;
}

/**
 * Sends are in order per partition. One record's failure is its partition's error in the answer; the call itself
 * throws only when nothing can be said about any of them.
 */
export interface KafkaProducer {
  send(
    records: readonly ProduceRecord[],
    options: CallOptions,
  ): Promise<Map<TopicPartition, ProducedPartition>>;
  close(): Promise<void>;
}

export interface ProducedPartition {
  /**
   * Offset of the first record of this partition in the send; -1n with acks 0. The others follow in order, without
   * gaps up to 1 MB of them: beyond, they are several batches, and another producer's may lie between.
   */
  readonly baseOffset: bigint;
  readonly error?: KafkaError;
}

export type SaslOptions =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'oauthbearer';
      /** Asked for each sign-in; throws ConnectError. */
      readonly token: () => Promise<string>;
      /** What to check when the broker refuses it. */
      readonly refusedHint?: string;
    };

/** All of it PEM text. */
export interface TlsOptions {
  /** Who may have signed the brokers' certificates. Absent: the public authorities. */
  readonly ca?: string;
  /** The client's own certificate with its chain, and the key to it (mTLS). */
  readonly cert?: string;
  readonly key?: string;
  /** Of an encrypted key. */
  readonly passphrase?: string;
  /** Given, it takes the place of the check that the broker's certificate is for its host name. */
  readonly checkServerIdentity?: () => undefined;
}

export interface KafkaConnectOptions {
  readonly bootstrapServers: readonly string[];
  readonly clientId: string;
  readonly tls?: boolean | TlsOptions;
  readonly sasl?: SaslOptions;
}

/** How to get in. */
export type KafkaSecurity = Pick<KafkaConnectOptions, 'tls' | 'sasl'>;

/** Where a cluster is and how to get in; what is left is who asks. */
export type KafkaPlace = Omit<KafkaConnectOptions, 'clientId'>;

/** Opens a client without waiting for the broker: the first call connects. */
export type KafkaConnect = (options: KafkaConnectOptions) => KafkaClient;
