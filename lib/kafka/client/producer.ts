import { ConfigError } from '../../api/errors.ts';
import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { deadlineIn } from '../../foundation/deadline.ts';
import { errorOf } from '../error-codes.ts';
import { closedError, KafkaError } from '../kafka-error.ts';
import type {
  CallOptions,
  KafkaProducer,
  ProducedPartition,
  ProducerOptions,
  ProduceRecord,
} from '../ports.ts';
import type { AdminContext } from './topics-admin.ts';
import { byLeader } from './group-by-leader.ts';
import {
  buildBatches,
  largestBatchBytes,
  Send,
  type OutgoingBatch,
  type ProducerIdentity,
} from './outgoing-batch.ts';
import { PartitionQueue } from './partition-queue.ts';
import { exchange, initProducerId, type PartitionAnswer, type Shipment } from './produce-exchange.ts';
import { verdictOf } from './produce-verdict.ts';
import { BatchBuffers } from '../record-batch/batch-buffers.ts';
import { backoffMs, patienceOf } from './retry.ts';
import { WakeUp } from './wake-up.ts';
import { deadlineError, within } from './within.ts';

/** One request holds so much, or one batch. */
const maxRequestBytes = 4_000_000;
/** KIP-98: as many batches of a producer as a broker knows a duplicate among. */
const requestsPerBroker = 5;
/** Of the broker for its replicas. */
const defaultRequestTimeoutMs = 10_000;
/** For metadata and producer id, which are asked for on behalf of every send. */
const prepareMs = 10_000;
const idleSleepMs = 60_000;

/** What a transaction adds to a producer: whose batches they are, and that their partitions must have joined it. */
export interface TransactionMembership {
  readonly transactionalId: string;
  /** Undefined before init. */
  readonly identity: ProducerIdentity | undefined;
  has(partition: TopicPartition): boolean;
  /** Throws KafkaError. */
  join(partitions: readonly { topic: string; partition: number }[], call: CallOptions): Promise<void>;
}

/**
 * Batches are encoded in `send`, queued by partition, and shipped by one loop: up to five requests in flight to each
 * broker, each with at most one batch of a partition. Retries keep their order and end with their send's deadline (K9).
 */
export class Producer implements KafkaProducer {
  readonly #admin: AdminContext;
  readonly #options: ReturnType<typeof settled>;
  readonly #membership: TransactionMembership | undefined;
  readonly #queues = new Map<TopicPartition, PartitionQueue>();
  readonly #requests = new Map<number, number>();
  readonly #buffers = new BatchBuffers();
  readonly #wakeUp: WakeUp;
  readonly #closing = new AbortController();
  #identity: ProducerIdentity | undefined;
  #loop: Promise<void> | undefined;

  constructor(admin: AdminContext, options: ProducerOptions, membership?: TransactionMembership) {
    this.#admin = admin;
    this.#options = settled(options);
    this.#membership = membership;
    this.#wakeUp = new WakeUp(admin.context.clock);
  }

  async send(
    records: readonly ProduceRecord[],
    call: CallOptions,
  ): Promise<Map<TopicPartition, ProducedPartition>> {
    call.signal?.throwIfAborted();
    if (this.#closing.signal.aborted) throw closedError('producer');
    if (records.length === 0) return new Map();
    const send = this.#enqueue(records);
    this.#loop ??= this.#run();
    this.#wakeUp.wake();
    try {
      return await within(send.outcome, this.#limited(call), this.#admin.context.clock);
    } catch (error) {
      for (const queue of this.#queues.values()) queue.abandon(send, deadlineError(queue.failing?.error));
      this.#wakeUp.wake();
      // Only the deadline is an answer: each partition tells how far it came.
      if (call.signal?.aborted || !(error instanceof KafkaError)) throw error;
      return send.outcome;
    }
  }

  #limited(call: CallOptions): CallOptions {
    const { deliveryTimeoutMs } = this.#options;
    if (deliveryTimeoutMs === undefined || deliveryTimeoutMs >= call.deadline.remaining()) return call;
    return { ...call, deadline: deadlineIn(deliveryTimeoutMs, this.#admin.context.clock) };
  }

  /** A batch was given up on without an answer. */
  get inDoubt(): boolean {
    return [...this.#queues.values()].some((queue) => queue.inDoubt);
  }

  async close(): Promise<void> {
    this.#closing.abort(closedError('producer'));
    for (const queue of this.#queues.values()) queue.abandon(undefined, closedError('producer'));
    this.#wakeUp.wake();
    await this.#loop;
  }

  #enqueue(records: readonly ProduceRecord[]): Send {
    const send = new Send();
    const now = this.#admin.context.clock.now();
    const { compression, compressionLevel, maxBatchBytes } = this.#options;
    const encoding = { compression, compressionLevel, maxBatchBytes, buffers: this.#buffers };
    const built: OutgoingBatch[][] = [];
    for (const [topic, partitions] of groupRecords(records)) {
      for (const [partition, ofPartition] of partitions) {
        const source = { send, topic, partition, records: ofPartition, ...encoding, now };
        built.push(buildBatches(source));
      }
    }
    // Only now: a record that cannot be encoded fails the call before anything of it is on its way.
    for (const batches of built) this.#queueOf(batches)?.add(batches);
    return send;
  }

  #queueOf([first]: readonly OutgoingBatch[]): PartitionQueue | undefined {
    if (!first) return undefined;
    const { topic, partition } = first.source;
    const key = topicPartition(topic, partition);
    const queue = this.#queues.get(key) ?? new PartitionQueue(topic, partition);
    this.#queues.set(key, queue);
    return queue;
  }

  async #run(): Promise<void> {
    try {
      while (!this.#closing.signal.aborted && [...this.#queues.values()].some((queue) => !queue.idle)) {
        // One look at the clock for a whole round: a queue whose backoff ends between two looks would be neither
        // shipped nor waited for.
        const now = this.#admin.context.clock.monotonic();
        await this.#prepare(now);
        if (!this.#ship(now)) await this.#wakeUp.sleep(this.#untilNext(now));
      }
    } catch (error) {
      this.#crash(error);
    } finally {
      this.#loop = undefined;
    }
  }

  /** Makes leaders and producer id known. Failures of Kafka hold the waiting partitions back, or fail them. */
  async #prepare(now: number): Promise<void> {
    const { context, cluster } = this.#admin;
    const waiting = this.#ready(now);
    if (waiting.length === 0) return;
    const call = { deadline: deadlineIn(prepareMs, context.clock), signal: this.#closing.signal };
    try {
      await cluster.learn(new Set(waiting.map(({ topic }) => topic)), call);
      if (this.#membership) {
        this.#identity = this.#membership.identity;
        await this.#membership.join([...byLeader(waiting, cluster).led.values()].flat(), call);
      } else if (this.#options.idempotent && (!this.#identity || this.#identity.expired)) {
        this.#identity = await initProducerId(this.#admin, call);
      }
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      if (!(error instanceof KafkaError)) throw error;
      for (const queue of waiting) this.#holdBack(queue, error);
    }
  }

  /** Sends what may be sent now; false: nothing could be. */
  #ship(now: number): boolean {
    const { idempotent } = this.#options;
    if (idempotent && (!this.#identity || this.#identity.expired)) return false;
    const { led, leaderless } = byLeader(this.#ready(now), this.#admin.cluster);
    for (const { ask: queue, error } of leaderless) {
      this.#admin.cluster.markStale();
      this.#holdBack(queue, error);
    }
    let shipped = false;
    for (const [nodeId, ofNode] of led) {
      // One that came while others joined the transaction waits for the next round.
      const queues = ofNode.filter((queue) => this.#membership?.has(queue.key) ?? true);
      if (queues.length === 0) continue;
      if ((this.#requests.get(nodeId) ?? 0) >= this.#options.maxInFlight) continue;
      void this.#request(nodeId, this.#load(queues));
      shipped = true;
    }
    return shipped;
  }

  #load(queues: readonly PartitionQueue[]): Shipment[] {
    const shipments: Shipment[] = [];
    let size = 0;
    for (const queue of queues) {
      if (size > 0 && size + queue.nextSize > maxRequestBytes) continue;
      size += queue.nextSize;
      shipments.push({ queue, batch: queue.take(this.#options.idempotent ? this.#identity : undefined) });
    }
    return shipments;
  }

  async #request(nodeId: number, shipments: readonly Shipment[]): Promise<void> {
    const { acks, requestTimeoutMs, clientId } = this.#options;
    const transactionalId = this.#membership?.transactionalId ?? null;
    const { signal } = this.#closing;
    const produce = { nodeId, shipments, acks, transactionalId, requestTimeoutMs, clientId, signal };
    this.#requests.set(nodeId, (this.#requests.get(nodeId) ?? 0) + 1);
    try {
      const answers = await exchange(this.#admin, produce);
      for (const shipment of shipments) this.#land(shipment, answers?.get(shipment.queue.key));
    } catch (error) {
      if (!(error instanceof KafkaError)) return this.#crash(error);
      this.#admin.cluster.markStale();
      for (const { queue, batch } of shipments) {
        const { stopped } = queue;
        if (error.retriable) queue.retry(batch, false);
        else queue.fail(batch, error);
        if (!stopped) this.#holdBack(queue, error);
      }
    } finally {
      this.#requests.set(nodeId, (this.#requests.get(nodeId) ?? 1) - 1);
      this.#wakeUp.wake();
    }
  }

  #land({ queue, batch }: Shipment, answer: PartitionAnswer | undefined): void {
    const { acks, idempotent } = this.#options;
    if (acks === 0) return queue.succeeded(batch, -1n);
    const errorCode = answer?.errorCode ?? -1;
    const verdict = verdictOf({
      errorCode,
      records: batch.count,
      idempotent,
      transactional: this.#membership !== undefined,
      behindFailure: queue.stopped,
    });
    if (verdict === 'appended') {
      queue.succeeded(batch, answer?.baseOffset ?? -1n);
      return batch.recycle();
    }
    if (verdict === 'split') return queue.split(batch);
    const { topic, partition, stopped } = queue;
    if (verdict === 'fail') return queue.fail(batch, errorOf(errorCode, { topic, partition }));
    queue.retry(batch, verdict === 'retry with new identity');
    this.#admin.cluster.markStale();
    if (!stopped) this.#holdBack(queue, errorOf(errorCode, { topic, partition, retriable: true }));
  }

  /** The backoff before the next attempt; a failure that outlasts all patience fails what waits. */
  #holdBack(queue: PartitionQueue, error: KafkaError): void {
    const { clock } = this.#admin.context;
    const now = clock.monotonic();
    const since = queue.failing?.since ?? now;
    const pause = backoffMs(queue.attempts++, this.#admin.context);
    queue.failing = { since, error };
    queue.notBefore = now + pause;
    if (error.retriable && now + pause - since <= patienceOf(error)) {
      const { topic, partition } = queue;
      this.#admin.context.log.debug('Kafka send is held back', {
        topic,
        partition,
        error: error.kafkaName,
        pause,
      });
      return;
    }
    queue.abandon(undefined, error);
    queue.failing = undefined;
  }

  #untilNext(now: number): number {
    let until = idleSleepMs;
    for (const { hasWaiting, notBefore } of this.#queues.values()) {
      if (hasWaiting && notBefore > now) until = Math.min(until, notBefore - now);
    }
    return until;
  }

  #ready(now: number): PartitionQueue[] {
    return [...this.#queues.values()].filter((queue) => queue.ready(now, this.#options.idempotent));
  }

  /** A bug, not Kafka: whoever waits is told. */
  #crash(error: unknown): void {
    for (const queue of this.#queues.values()) queue.crash(error);
    this.#queues.clear();
    this.#wakeUp.wake();
  }
}

/** Throws a ConfigError for what contradicts itself. */
function settled({
  compression = 'none',
  acks = -1,
  idempotent = acks === -1,
  maxBatchBytes = largestBatchBytes,
  maxInFlight = requestsPerBroker,
  requestTimeoutMs = defaultRequestTimeoutMs,
  compressionLevel,
  deliveryTimeoutMs,
  clientId,
}: ProducerOptions) {
  if (idempotent && acks !== -1)
    throw ConfigError.invalid('acks', acks, 'an idempotent producer needs acks all (-1)');
  return {
    compression,
    compressionLevel,
    acks,
    idempotent,
    maxBatchBytes: Math.min(maxBatchBytes, largestBatchBytes),
    maxInFlight: Math.min(maxInFlight, requestsPerBroker),
    requestTimeoutMs,
    deliveryTimeoutMs,
    clientId,
  };
}

type Grouped<List> = Map<string, Map<number, List>>;

/** Most batches are for one partition, and need no sorting. */
function groupRecords(records: readonly ProduceRecord[]): Grouped<readonly ProduceRecord[]> {
  const [first] = records;
  const single = ({ topic, partition }: ProduceRecord): boolean =>
    topic === first?.topic && partition === first.partition;
  if (first !== undefined && records.every(single))
    return new Map([[first.topic, new Map([[first.partition, records]])]]);
  const topics: Grouped<ProduceRecord[]> = new Map();
  for (const record of records) {
    let partitions = topics.get(record.topic);
    if (!partitions) topics.set(record.topic, (partitions = new Map()));
    const ofPartition = partitions.get(record.partition);
    if (ofPartition) ofPartition.push(record);
    else partitions.set(record.partition, [record]);
  }
  return topics;
}
