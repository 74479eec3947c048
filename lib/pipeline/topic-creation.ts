import type { ConnectorConfig } from '../api/config.ts';
import { ConnectError } from '../api/errors.ts';
import type { CallOptions, KafkaClient, NewTopic } from '../kafka/ports.ts';
import { listOf, withPrefix } from './config-prefix.ts';

interface Group {
  readonly include: readonly RegExp[];
  readonly exclude: readonly RegExp[];
  readonly settings: Omit<NewTopic, 'topic'>;
}

/**
 * Creates the topics a source writes to, with the settings of the first `topic.creation.<group>` that matches
 * (KIP-158). Without such keys a missing topic is created with the broker's defaults. Existing topics are never
 * altered. One object a task: each topic is looked at once.
 */
export class TopicCreation {
  readonly #kafka: KafkaClient;
  readonly #groups: readonly Group[];
  readonly #partitions = new Map<string, number>();

  constructor(config: ConnectorConfig, kafka: KafkaClient) {
    this.#kafka = kafka;
    this.#groups = groupsOf(config);
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
    const matches = (patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(topic));
    const group = this.#groups.find((g) => matches(g.include) && !matches(g.exclude));
    return group?.settings ?? { partitions: -1, replicationFactor: -1 };
  }
}

const groupKeys = new Set(['include', 'exclude', 'partitions', 'replication.factor']);

function groupsOf(config: ConnectorConfig): Group[] {
  const defaults = withPrefix(config, 'topic.creation.default.');
  const group = (name: string): Group => {
    const own = withPrefix(config, `topic.creation.${name}.`);
    const isDefault = name === 'default';
    return {
      include: isDefault ? [/^.*$/su] : patterns(own['include']),
      exclude: isDefault ? [] : patterns(own['exclude']),
      settings: {
        partitions: Number(own['partitions'] ?? defaults['partitions'] ?? -1),
        replicationFactor: Number(own['replication.factor'] ?? defaults['replication.factor'] ?? -1),
        configs: Object.fromEntries(Object.entries(own).filter(([key]) => !groupKeys.has(key))),
      },
    };
  };
  const named = listOf(config['topic.creation.groups']).filter((name) => name !== 'default');
  return [...named, 'default'].map(group);
}

const patterns = (list: string | undefined): RegExp[] =>
  listOf(list).map((pattern) => new RegExp(`^(?:${pattern})$`, 'u'));
