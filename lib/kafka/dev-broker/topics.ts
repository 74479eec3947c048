import { PartitionLog, type LogFile } from './partition-log.ts';
import type { TopicDefinition } from './state-folder.ts';

export interface Partition {
  readonly log: PartitionLog;
  /** Node id of the leader; -1: none at the moment. */
  leader: number;
  leaderEpoch: number;
}

export interface Topic {
  readonly name: string;
  readonly configs: ReadonlyMap<string, string>;
  readonly partitions: readonly Partition[];
}

export interface NewTopicRequest {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

export interface TopicsOptions {
  readonly nodeIds: readonly number[];
  readonly logFile: (topic: string, partition: number) => LogFile | undefined;
  readonly changed: (definitions: TopicDefinition[]) => void;
}

const defaultPartitions = 1;
const codes = { invalidTopic: 17, exists: 36, invalidPartitions: 37, invalidReplication: 38 } as const;

/** The topics of the broker, in memory. Topics are made by CreateTopics only, never by being asked for. */
export class Topics {
  readonly #topics = new Map<string, Topic>();
  readonly #options: TopicsOptions;

  constructor(options: TopicsOptions) {
    this.#options = options;
  }

  get(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  partition(topic: string, partition: number): Partition | undefined {
    return this.#topics.get(topic)?.partitions[partition];
  }

  all(): Topic[] {
    return [...this.#topics.values()];
  }

  /** Answers Kafka's error code, 0 when it was created (or would have been: `validateOnly`). */
  create(request: NewTopicRequest, validateOnly: boolean): number {
    const { topic, replicationFactor } = request;
    const partitions = request.partitions === -1 ? defaultPartitions : request.partitions;
    if (!/^[a-zA-Z0-9._-]{1,249}$/.test(topic) || topic === '.' || topic === '..') return codes.invalidTopic;
    if (this.#topics.has(topic)) return codes.exists;
    if (partitions < 1) return codes.invalidPartitions;
    const nodes = this.#options.nodeIds.length;
    if (replicationFactor !== -1 && (replicationFactor < 1 || replicationFactor > nodes))
      return codes.invalidReplication;
    if (validateOnly) return 0;
    this.add({ topic, partitions, configs: request.configs.map(({ name, value }) => [name, value ?? '']) });
    this.#options.changed(this.definitions());
    return 0;
  }

  /** Adds without checks: what was created now, or what an earlier process had. */
  add({ topic, partitions, configs }: TopicDefinition): Topic {
    const { nodeIds, logFile } = this.#options;
    const added: Topic = {
      name: topic,
      configs: new Map(configs),
      partitions: Array.from({ length: partitions }, (_, partition) => ({
        log: new PartitionLog(logFile(topic, partition)),
        leader: nodeIds[partition % nodeIds.length] ?? -1,
        leaderEpoch: 0,
      })),
    };
    this.#topics.set(topic, added);
    return added;
  }

  delete(topic: string): boolean {
    const existed = this.#topics.delete(topic);
    if (existed) this.#options.changed(this.definitions());
    return existed;
  }

  definitions(): TopicDefinition[] {
    return this.all().map(({ name, partitions, configs }) => ({
      topic: name,
      partitions: partitions.length,
      configs: [...configs],
    }));
  }
}
