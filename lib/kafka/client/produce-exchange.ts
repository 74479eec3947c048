import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { deadlineIn } from '../../foundation/deadline.ts';
import { errorOf } from '../error-codes.ts';
import type { CallOptions } from '../ports.ts';
import type { ResponseOf } from '../protocol/api.ts';
import { produceApi } from '../protocol/record-apis.ts';
import { initProducerIdApi } from '../protocol/transaction-apis.ts';
import { byTopic } from './group-by-leader.ts';
import type { OutgoingBatch, ProducerIdentity } from './outgoing-batch.ts';
import type { PartitionQueue } from './partition-queue.ts';
import type { AdminContext } from './topics-admin.ts';
import { within } from './within.ts';

export type PartitionAnswer = ResponseOf<typeof produceApi>['topics'][number]['partitions'][number];

export interface Shipment {
  readonly queue: PartitionQueue;
  readonly batch: OutgoingBatch;
}

export interface ProduceCall {
  readonly nodeId: number;
  /** At most one of each partition. */
  readonly shipments: readonly Shipment[];
  readonly acks: -1 | 0 | 1;
  readonly transactionalId: string | null;
  /** What the broker may wait for its replicas. */
  readonly requestTimeoutMs: number;
  readonly clientId: string | undefined;
  /** Aborted when the producer is closed. */
  readonly signal: AbortSignal;
}

/** What we wait longer for a broker's answer than it for its replicas. */
const answerMarginMs = 5_000;

/** Sends to one broker. Gives its answers by partition; none with acks 0, where it sends none. Throws KafkaError. */
export async function exchange(
  { context, cluster }: AdminContext,
  { nodeId, shipments, acks, transactionalId, requestTimeoutMs, clientId, signal }: ProduceCall,
): Promise<Map<TopicPartition, PartitionAnswer> | undefined> {
  const timeoutMs = requestTimeoutMs + answerMarginMs;
  const call = { deadline: deadlineIn(timeoutMs, context.clock), signal };
  const connection = await cluster.connectionTo(nodeId, 'requests', call);
  const places = shipments.map(({ queue: { topic, partition }, batch }) => ({
    topic,
    partition,
    bytes: batch.bytes,
  }));
  const topics = byTopic(places, ({ partition, bytes }) => ({ partition, batches: [bytes] }));
  const request = { transactionalId, acks, timeoutMs: requestTimeoutMs, topics };
  if (acks === 0) {
    await connection.requestWithoutAnswer(produceApi, request, { clientId });
    return undefined;
  }
  const answer = await connection.request(produceApi, request, { timeoutMs, clientId });
  return new Map(
    answer.topics.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => [topicPartition(topic, partition.partition), partition] as const),
    ),
  );
}

/** A producer id of our own. To try again is the caller's. */
export async function initProducerId(
  { context, cluster }: AdminContext,
  call: CallOptions,
): Promise<ProducerIdentity> {
  const connection = await cluster.anyConnection(call);
  const request = { transactionalId: null, transactionTimeoutMs: 0 };
  const answer = await within(connection.request(initProducerIdApi, request), call, context.clock);
  if (answer.errorCode !== 0) throw errorOf(answer.errorCode);
  const { producerId, producerEpoch } = answer;
  return { producerId, producerEpoch, transactional: false, expired: false };
}
