import type { ResponseOf } from '../protocol/api.ts';
import { createTopicsApi } from '../protocol/cluster-apis.ts';
import { errorOf } from '../error-codes.ts';
import type { CallOptions, NewTopic, TopicDescription } from '../ports.ts';
import type { ClientContext } from './client-context.ts';
import type { Cluster } from './cluster.ts';
import { withRetries } from './retry.ts';
import { within } from './within.ts';

export interface AdminContext {
  readonly context: ClientContext;
  readonly cluster: Cluster;
}

const codes = { ok: 0, unknownTopic: 3, leaderNotAvailable: 5, exists: 36 } as const;
/** What the broker may take until a new topic is known to all of them, and we until its answer is here. */
const createTimeoutMs = 10_000;
const createAnswerMs = 15_000;

export function describeTopics(
  { context, cluster }: AdminContext,
  topics: readonly string[],
  call: CallOptions,
): Promise<Map<string, TopicDescription>> {
  return withRetries(context, call, async () => {
    const described = new Map<string, TopicDescription>();
    if (topics.length === 0) return described;
    const metadata = await cluster.metadata(topics, call);
    for (const { topic, errorCode, partitions } of metadata.topics) {
      if (errorCode === codes.unknownTopic) continue;
      if (errorCode !== codes.ok) throw errorOf(errorCode, { topic });
      const byNumber = partitions.toSorted((a, b) => a.partition - b.partition);
      described.set(topic, { partitions: byNumber.map(({ partition, leader }) => ({ partition, leader })) });
    }
    return described;
  });
}

export function listTopics({ context, cluster }: AdminContext, call: CallOptions): Promise<string[]> {
  return withRetries(context, call, async () => {
    const { topics } = await cluster.metadata(null, call);
    return topics
      .filter(({ topic, isInternal }) => !isInternal && !topic.startsWith('__'))
      .map(({ topic }) => topic);
  });
}

type CreateAnswer = ResponseOf<typeof createTopicsApi>['topics'][number];

/** Throws for the first topic that cannot be created, after all that can be were. */
export async function createTopics(
  admin: AdminContext,
  topics: readonly NewTopic[],
  call: CallOptions,
): Promise<{ created: string[]; existing: string[] }> {
  const created: string[] = [];
  const existing: string[] = [];
  let left = topics;
  await withRetries(admin.context, call, async () => {
    if (left.length === 0) return;
    const answers = await sendCreate(admin, left, call);
    for (const { topic, errorCode } of answers) {
      if (errorCode === codes.ok) created.push(topic);
      if (errorCode === codes.exists) existing.push(topic);
    }
    const failed = answers.filter(({ errorCode }) => errorCode !== codes.ok && errorCode !== codes.exists);
    left = left.filter(({ topic }) => failed.some((answer) => answer.topic === topic));
    const [first] = failed;
    if (first) throw errorOf(first.errorCode, { topic: first.topic, detail: first.errorMessage });
  });
  if (created.length > 0) await untilKnown(admin, created, call);
  return { created, existing };
}

/** The controller answers before the brokers have learned of the topic: whoever asks them next should not miss it. */
async function untilKnown(
  { context, cluster }: AdminContext,
  topics: readonly string[],
  call: CallOptions,
): Promise<void> {
  await withRetries(context, call, async () => {
    const metadata = await cluster.metadata(topics, call);
    for (const { topic, errorCode, partitions } of metadata.topics) {
      const leaderless = partitions.some(({ leader }) => leader < 0);
      if (errorCode !== codes.ok || leaderless)
        throw errorOf(errorCode || codes.leaderNotAvailable, { topic });
    }
  });
}

async function sendCreate(
  { context, cluster }: AdminContext,
  topics: readonly NewTopic[],
  call: CallOptions,
): Promise<readonly CreateAnswer[]> {
  await cluster.metadata([], call); // the controller moves: it is asked for anew
  const connection = await cluster.connectionTo(cluster.controllerId, 'requests', call);
  const request = {
    topics: topics.map(({ topic, partitions, replicationFactor, configs = {} }) => ({
      topic,
      partitions,
      replicationFactor,
      assignments: [],
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    })),
    timeoutMs: createTimeoutMs,
    validateOnly: false,
  };
  const answer = connection.request(createTopicsApi, request, { timeoutMs: createAnswerMs });
  return (await within(answer, call, context.clock)).topics;
}
