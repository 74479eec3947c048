import type { ConnectorConfig } from '../api/config.ts';
import { ConnectError } from '../api/errors.ts';
import type { CallOptions, KafkaClient, NewTopic } from '../kafka/ports.ts';
import { groupOf, type TopicCreationGroup, topicCreationGroups } from './topic-creation-groups.ts';

/**
 * Creates the topics a source writes to, with the settings of the first `topic.creation.<group>` that matches
 * (KIP-158). Without such keys a missing topic is created with the broker's defaults. Existing topics are never
 * altered. One object a task: each topic is looked at once.
 */
export class TopicCreation {
  readonly #kafka: KafkaClient;
  readonly #groups: readonly TopicCreationGroup[];
  readonly #partitions = new Map<string, number>();

  /** Throws a ConfigError for wrong `topic.creation.*` keys; with `topic.creation.enable=false` they are ignored. */
  constructor(config: ConnectorConfig, kafka: KafkaClient, workerConfig: ConnectorConfig) {
    this.#kafka = kafka;
    const isEnabled = workerConfig['topic.creation.enable']?.trim().toLowerCase() !== 'false';
    this.#groups = topicCreationGroups(config, isEnabled) ?? [];
  }

  /** The number of partitions of each topic, after creating those that are missing. */
  async ensure(topics: ReadonlySet<string>, options: CallOptions): Promise<ReadonlyMap<string, number>> {
    const unknown = [...topics].filter((topic) => !this.#partitions.has(topic));
    if (unknown.length > 0) await this.#look(unknown, options);
    return this.#partitions;
  }

  async #look(topics: string[], options: CallOptions): Promise<void> {
    const described = await this.#kafka.describeTopics(topics, options);
    const missing = topics.filter((topic) => !described.has(topic));
    if (missing.length > 0) {
      await this.#kafka.createTopics(
        missing.map((topic) => ({ topic, ...this.#settings(topic) })),
        options,
      );
      for (const [topic, description] of await this.#describeNew(missing, options))
        described.set(topic, description);
    }
    for (const [topic, { partitions }] of described) this.#partitions.set(topic, partitions.length);
  }

  /** A topic just created may be unknown to the broker asked next; its metadata is there within a moment. */
  async #describeNew(topics: string[], options: CallOptions): ReturnType<KafkaClient['describeTopics']> {
    const described = await this.#kafka.describeTopics(topics, options);
    const missing = topics.find((topic) => !described.has(topic));
    if (missing === undefined) return described;
    throw new ConnectError(`Topic ${missing} was created but the broker does not know it yet`, {
      retriable: true,
    });
  }

  #settings(topic: string): Omit<NewTopic, 'topic'> {
    return groupOf(topic, this.#groups)?.settings ?? { partitions: -1, replicationFactor: -1 };
  }
}
