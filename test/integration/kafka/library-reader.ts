import { createRequire } from 'node:module';

const library = createRequire(import.meta.url);

/** What a fetch of kafkajs gives for one partition, before its `Batch` filters it. */
export interface LibraryPartition {
  readonly partition: number;
  readonly highWatermark: string;
  readonly messages: readonly LibraryMessage[];
  readonly abortedTransactions: readonly unknown[];
}

export interface LibraryMessage {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | readonly Buffer[] | null>>;
  /** Of the batch it came in. */
  readonly batchContext: { readonly firstOffset: string };
}

/** kafkajs' `consumer/batch`: what its consumer hands to `eachBatch`, and where it goes on. */
export interface LibraryBatch {
  readonly messages: readonly LibraryMessage[];
  isEmpty(): boolean;
  isEmptyDueToFiltering(): boolean;
  lastOffset(): string;
}

interface LibraryBroker {
  fetch(request: object): Promise<{
    readonly responses: readonly {
      readonly topicName: string;
      readonly partitions: readonly LibraryPartition[];
    }[];
  }>;
}

interface LibraryCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, number[]>>;
  findBroker(at: { readonly nodeId: string }): Promise<LibraryBroker>;
}

const Cluster = library('kafkajs/src/cluster') as new (options: object) => LibraryCluster;
const Batch = library('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  partition: LibraryPartition,
) => LibraryBatch;
const socketFactory = library('kafkajs/src/network/socketFactory') as () => unknown;
const { createLogger, LEVELS } = library('kafkajs/src/loggers') as {
  readonly createLogger: (options: object) => unknown;
  readonly LEVELS: { readonly NOTHING: number };
};

/** What kafkajs' consumer does with one fetch (`consumerGroup.fetch`), without the group that leads there. */
export async function libraryFetch(
  bootstrapServers: string,
  topic: string,
  offsets: readonly bigint[],
  { isolation = 'read_committed' }: { readonly isolation?: 'read_committed' | 'read_uncommitted' } = {},
): Promise<LibraryBatch[]> {
  const cluster = new Cluster({
    brokers: async () => bootstrapServers.split(','),
    socketFactory: socketFactory(),
    logger: createLogger({ level: LEVELS.NOTHING, logCreator: () => () => undefined }),
    clientId: 'library',
    connectionTimeout: 10_000,
    retry: { retries: 0 },
  });
  try {
    await cluster.connect();
    await cluster.addTargetTopic(topic);
    const partitions = offsets.map((_, partition) => partition);
    const [nodeId = ''] = Object.keys(cluster.findLeaderForPartitions(topic, partitions));
    const broker = await cluster.findBroker({ nodeId });
    const { responses } = await broker.fetch({
      isolationLevel: isolation === 'read_committed' ? 1 : 0,
      maxWaitTime: 10,
      topics: [
        {
          topic,
          partitions: offsets.map((offset, partition) => ({
            partition,
            fetchOffset: String(offset),
            maxBytes: 1_000_000,
          })),
        },
      ],
    });
    return responses.flatMap(({ topicName, partitions: ofTopic }) =>
      ofTopic.map((data) => new Batch(topicName, String(offsets[data.partition]), data)),
    );
  } finally {
    await cluster.disconnect();
  }
}

export const libraryTexts = ({ messages }: LibraryBatch): string[] =>
  messages.map(({ value }) => String(value));
