import type { Serialized } from '../api/converter.ts';
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
  /**
   * Stores offsets (the next record to read) for a consumer group without members, where tools that show lag look for
   * them. A partition that fails does not keep the others from being stored; then KafkaError for the first of them. A
   * group with members refuses: UNKNOWN_MEMBER_ID.
   */
  commitGroupOffsets(group: string, offsets: readonly GroupOffset[], options: CallOptions): Promise<void>;
  producer(options: ProducerOptions): KafkaProducer;
  /** Nothing is sent before its `init`. One producer object per recovery: see TransactionalProducer. */
  transactional(transactionalId: string, options: TransactionalOptions): TransactionalProducer;
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

export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
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
  /** In whose name to read, for quotas. Absent: the client's. */
  readonly clientId?: string;
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

export interface FetchedRecord extends KafkaRecord {
  /** Bytes it takes in Kafka, before compression. */
  readonly size: number;
}

export interface FetchedPartition {
  readonly records: readonly FetchedRecord[];
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
  /** Of gzip and zstd; the others have one level. */
  readonly compressionLevel?: number;
  /** Most bytes of a batch before compression, if it has more than one record; never more than 1 MB. */
  readonly maxBatchBytes?: number;
  /** Requests under way to a broker, 1 to 5 (default). */
  readonly maxInFlight?: number;
  /** How long a broker may wait for its replicas. Default 10 s. */
  readonly requestTimeoutMs?: number;
  /** A send ends after so long, or with its call's deadline, whichever is first. */
  readonly deliveryTimeoutMs?: number;
  /** In whose name to write, for quotas. Absent: the client's. */
  readonly clientId?: string;
}

export interface ProduceRecord {
  readonly topic: string;
  /** Chosen before the send, so that a retry cannot move the record. */
  readonly partition: number;
  readonly key: Uint8Array | null;
  /** Text is written as its UTF-8; it must be well-formed. */
  readonly value: Serialized;
  readonly headers?: readonly KafkaHeader[];
  /** Null: now. */
  readonly timestamp: number | null;
}

/** Of a record whose value is bytes already. */
export interface EncodedValue {
  readonly value: Uint8Array | null;
}

/** The record with bytes in the place of text, for who does not write batches. */
export function encoded<R extends Pick<ProduceRecord, 'value'>>(record: R): R & EncodedValue {
  const { value } = record;
  return { ...record, value: typeof value === 'string' ? Buffer.from(value) : value };
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
  /** Of its records that were appended, as they stand in Kafka before compression. */
  readonly bytes: number;
  readonly error?: KafkaError;
}

export interface TransactionalOptions {
  /** How long the broker leaves a transaction open before it aborts it and fences its producer (FENCED). */
  readonly timeoutMs: number;
  readonly compression?: CompressionType;
}

/** One init of a transactional id. Another producer id than before: the broker has forgotten the one before. */
export interface ProducerEpoch {
  readonly producerId: bigint;
  readonly epoch: number;
}

/**
 * Exactly-once writes (KIP-98): what one `run` sends is seen by readers of committed records as a whole or not at
 * all. Failures are TransactionError, whose `failure` says what to do; after each but ABORTABLE the object is spent
 * and throws the same again. It never initialises itself anew, as that could fence the rightful owner of the id.
 */
export interface TransactionalProducer {
  /**
   * Once, before the first `run`: waits until a transaction that was left behind has ended (aborted, unless its commit
   * was under way) and fences its producer. Alone, on a fresh object, it fences an id that is no longer used. Answers
   * who this object is now: the epoch counts the inits of the id.
   */
  init(call: CallOptions): Promise<ProducerEpoch>;
  /**
   * One transaction, one at a time: commits when `work` returns, aborts when it throws, and throws that on. `call`
   * bounds commit and abort. When its signal is aborted before the commit is asked for, the transaction is aborted
   * and the signal's reason thrown. A transaction without records is no request, so no check for fencing either.
   */
  run<T>(work: (transaction: Transaction) => Promise<T>, call: CallOptions): Promise<T>;
  /** A transaction that is open stays so until the next `init` or its timeout. */
  close(): Promise<void>;
}

export interface Transaction {
  /**
   * As KafkaProducer.send. A record that failed makes the whole transaction fail, whatever `work` does with the
   * error; where the producer is spent it is thrown instead of answered.
   */
  send(
    records: readonly ProduceRecord[],
    options: CallOptions,
  ): Promise<Map<TopicPartition, ProducedPartition>>;
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
