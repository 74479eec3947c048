import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { errorOf } from '../error-codes.ts';
import { KafkaError } from '../kafka-error.ts';
import type { CallOptions, Isolation, OffsetAnswer, OffsetAsk } from '../ports.ts';
import { earliestTimestamp, latestTimestamp, listOffsetsApi } from '../protocol/record-apis.ts';
import type { AdminContext } from './topics-admin.ts';
import { byLeader, byTopic } from './group-by-leader.ts';
import { withRetries } from './retry.ts';
import { within } from './within.ts';

type Lookup = CallOptions & { readonly isolation?: Isolation };

/** Partitions that fail for good, or still when the call ends, are answered with their error. */
export async function listOffsets(
  admin: AdminContext,
  asks: readonly OffsetAsk[],
  call: Lookup,
): Promise<Map<TopicPartition, OffsetAnswer>> {
  const answers = new Map<TopicPartition, OffsetAnswer>();
  let left = asks;
  try {
    await withRetries(admin.context, call, async () => {
      if (left.length === 0) return;
      await askOnce(admin, left, call, answers);
      left = left.filter(
        ({ topic, partition }) => answers.get(topicPartition(topic, partition))?.error?.retriable,
      );
      const [first] = left;
      const error = first && answers.get(topicPartition(first.topic, first.partition))?.error;
      if (error) throw error;
    });
  } catch (error) {
    const said =
      error instanceof KafkaError &&
      asks.every((ask) => answers.has(topicPartition(ask.topic, ask.partition)));
    if (!said) throw error;
  }
  return answers;
}

async function askOnce(
  { context, cluster }: AdminContext,
  asks: readonly OffsetAsk[],
  call: Lookup,
  answers: Map<TopicPartition, OffsetAnswer>,
): Promise<void> {
  await cluster.learn(new Set(asks.map(({ topic }) => topic)), call);
  const answered = (topic: string, partition: number, answer: OffsetAnswer): void => {
    answers.set(topicPartition(topic, partition), answer);
    if (answer.error?.retriable) cluster.markStale();
  };
  const { led, leaderless } = byLeader(asks, cluster);
  for (const { ask, error } of leaderless) answered(ask.topic, ask.partition, { offset: -1n, error });
  await Promise.all(
    [...led].map(async ([nodeId, ofNode]) => {
      try {
        const connection = await cluster.connectionTo(nodeId, 'requests', call);
        const answer = await within(
          connection.request(listOffsetsApi, requestOf(ofNode, call)),
          call,
          context.clock,
        );
        for (const { topic, partitions } of answer.topics) {
          for (const { partition, errorCode, offset } of partitions) {
            const error = errorCode === 0 ? {} : { error: errorOf(errorCode, { topic, partition }) };
            answered(topic, partition, { offset, ...error });
          }
        }
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        for (const { topic, partition } of ofNode) answered(topic, partition, { offset: -1n, error });
      }
    }),
  );
}

function requestOf(asks: readonly OffsetAsk[], { isolation = 'read_uncommitted' }: Lookup) {
  return {
    replicaId: -1,
    isolationLevel: isolation === 'read_committed' ? 1 : 0,
    topics: byTopic(asks, ({ partition, at }) => ({ partition, timestamp: timestampOf(at) })),
  };
}

function timestampOf(at: OffsetAsk['at']): bigint {
  if (at === 'earliest') return earliestTimestamp;
  return at === 'latest' ? latestTimestamp : BigInt(at.timestamp);
}
