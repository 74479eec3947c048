import type { ConnectorConfig } from '../api/config.ts';
import { topicPartition } from '../api/topic-partition.ts';
import { compileJavaRegex } from '../foundation/java/regex.ts';
import type { CallOptions, KafkaClient, OffsetAnswer } from '../kafka/ports.ts';
import { listOf } from '../pipeline/config-prefix.ts';
import { sinkPosition } from '../storage/items/offset-page.ts';
import { fetchSettings } from './client-settings.ts';
import type { PlannedPartition } from './protocol.ts';
import type { WorkerDeps } from './worker-deps.ts';

export interface SinkPlanning {
  readonly deps: WorkerDeps;
  readonly options: CallOptions;
  readonly withBacklog: boolean;
}

/**
 * Partitions of `topics`, or of every topic that `topics.regex` matches in full, and where they need be known, the
 * next record to read and the end of each. A topic that does not exist yet has none.
 */
export async function planSink(
  config: ConnectorConfig,
  connector: string,
  { deps, options, withBacklog }: SinkPlanning,
): Promise<PlannedPartition[]> {
  const kafka = await deps.kafka();
  await kafka.ensureFresh();
  const regex = config['topics.regex'];
  const topics = regex === undefined ? listOf(config['topics']) : await matchingTopics(kafka, regex, options);
  const described = await kafka.describeTopics(topics, options);
  const missing = topics.filter((topic) => !described.has(topic));
  if (missing.length > 0) deps.log.warn('topics do not exist yet', { connector, topics: missing });
  const planned = [...described].flatMap(([topic, { partitions }]) =>
    partitions.map(({ partition }) => ({ topic, partition })),
  );
  if (!withBacklog || planned.length < 2) return planned;
  return addBacklog(planned, { config, stored: await storedOffsets(connector, deps), kafka, options });
}

async function matchingTopics(kafka: KafkaClient, regex: string, options: CallOptions): Promise<string[]> {
  const pattern = compileJavaRegex(regex);
  return (await kafka.listTopics(options)).filter((topic) => pattern.matches(topic));
}

async function storedOffsets(connector: string, deps: WorkerDeps): Promise<Map<string, string>> {
  const stored = new Map<string, string>();
  for (const position of await deps.state.offsetPages.list(connector)) {
    const [at, next] = sinkPosition(position);
    if (next !== null) stored.set(at, String(next));
  }
  return stored;
}

interface BacklogRequest {
  readonly config: ConnectorConfig;
  readonly stored: ReadonlyMap<string, string>;
  readonly kafka: KafkaClient;
  readonly options: CallOptions;
}

/** A partition whose leader is on the move stays without: the split is not worth a failed plan. */
async function addBacklog(
  planned: readonly PlannedPartition[],
  { config, stored, kafka, options }: BacklogRequest,
): Promise<PlannedPartition[]> {
  const { reset, isolation } = fetchSettings(config);
  const ask = (at: 'earliest' | 'latest', partitions: readonly PlannedPartition[]) =>
    kafka.listOffsets(
      partitions.map(({ topic, partition }) => ({ topic, partition, at })),
      { ...options, isolation },
    );
  const unread = planned.filter(({ topic, partition }) => !stored.has(topicPartition(topic, partition)));
  const ends = await ask('latest', planned);
  const begins = reset === 'latest' || unread.length === 0 ? ends : await ask('earliest', unread);
  return planned.map(({ topic, partition }) => {
    const id = topicPartition(topic, partition);
    const end = textOf(ends.get(id));
    const next = stored.get(id) ?? textOf(begins.get(id));
    return end === undefined || next === undefined ? { topic, partition } : { topic, partition, next, end };
  });
}

const textOf = (answer: OffsetAnswer | undefined): string | undefined =>
  answer === undefined || answer.error !== undefined ? undefined : String(answer.offset);
