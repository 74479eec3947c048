import { toConnectError, ConnectError } from '../api/errors.ts';
import { createPartitioner, type Partitioner } from '../kafka/partitioner.ts';
import type { CallOptions, KafkaClient, KafkaProducer, ProduceRecord } from '../kafka/ports.ts';
import { partitionerSettings, producerSettings } from './client-settings.ts';
import type { RunScope } from './task-runner.ts';

/** Writes to the dead-letter topic of a task; opened with the first record. */
export class DeadLetterProducer {
  readonly topic: string;
  readonly #scope: RunScope;
  readonly #kafka: KafkaClient;
  readonly #io: CallOptions;
  readonly #partitioner: Partitioner;
  #producer: KafkaProducer | undefined;
  #partitions = 0;

  constructor(topic: string, scope: RunScope, kafka: KafkaClient) {
    this.topic = topic;
    this.#scope = scope;
    this.#kafka = kafka;
    this.#io = { signal: scope.signal, deadline: scope.sendDeadline };
    this.#partitioner = createPartitioner(scope.deps.random, partitionerSettings(scope.config));
  }

  /** Resolves once the record is acknowledged; until then its offset must not move on (Invariant 5). */
  async send(record: Omit<ProduceRecord, 'partition'>): Promise<void> {
    if (this.#partitions === 0) this.#partitions = await this.#partitionsOfTopic();
    this.#producer ??= this.#kafka.producer(producerSettings(this.#scope.config));
    const partition = this.#partitioner.partitionOf(record, this.#partitions);
    const answer = await this.#producer.send([{ ...record, partition }], this.#io);
    for (const { error } of answer.values()) if (error !== undefined) throw this.#refused(error);
  }

  async close(): Promise<void> {
    await this.#producer?.close();
  }

  /** Created with one partition where it is missing, as in Kafka Connect. */
  async #partitionsOfTopic(): Promise<number> {
    const { topic } = this;
    const known = (await this.#kafka.describeTopics([topic], this.#io)).get(topic);
    if (known !== undefined) return known.partitions.length;
    const replicationFactor = Number(
      this.#scope.config['errors.deadletterqueue.topic.replication.factor'] ?? 3,
    );
    try {
      await this.#kafka.createTopics([{ topic, partitions: 1, replicationFactor }], this.#io);
    } catch (error) {
      const { message, retriable } = toConnectError(error);
      throw new ConnectError(`The dead-letter topic ${topic} cannot be created: ${message}`, {
        cause: error,
        retriable,
        hint: `Create it, or set errors.deadletterqueue.topic.replication.factor, which is ${replicationFactor}: a cluster of one broker needs 1.`,
      });
    }
    return 1;
  }

  #refused(error: unknown): ConnectError {
    const { message, retriable, hint } = toConnectError(error);
    return new ConnectError(`The dead-letter topic ${this.topic} did not take a record: ${message}`, {
      cause: error,
      retriable,
      hint:
        hint ??
        'Nothing is skipped without its dead letter: give the topic what it lacks, then restart the task.',
    });
  }
}

/** The dead-letter topic a config names; undefined: none. */
export function deadLetterTopic(config: RunScope['config']): string | undefined {
  const topic = config['errors.deadletterqueue.topic.name']?.trim() ?? '';
  return topic === '' ? undefined : topic;
}
