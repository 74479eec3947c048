import { isTrue } from '../api/config.ts';
import type { ErrantRecordReporter } from '../api/context.ts';
import type { SinkRecord } from '../api/record.ts';
import { deadLetterQueue } from '../errors/dead-letter-queue.ts';
import { errorHandling } from '../errors/error-handling.ts';
import type { FailedRecord } from '../errors/failed-record.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import { createPartitioner, type Partitioner } from '../kafka/partitioner.ts';
import type { CallOptions, KafkaClient, KafkaProducer, ProduceRecord } from '../kafka/ports.ts';
import type { Converters } from '../pipeline/converters.ts';
import type { Origins } from '../pipeline/sink-pipeline.ts';
import type { RunScope } from './task-runner.ts';

/** The error operator of a sink task with its dead-letter topic, and the reporter handed to the task. */
export class SinkErrors {
  readonly operator: RetryWithTolerance;
  readonly reporter: ErrantRecordReporter | null;
  readonly origins: Origins = new WeakMap();
  readonly #scope: RunScope;
  readonly #kafka: KafkaClient;
  readonly #converters: Converters;
  readonly #io: CallOptions;
  readonly #partitioner: Partitioner;
  #producer: KafkaProducer | undefined;
  #partitions = 0;

  constructor(scope: RunScope, kafka: KafkaClient, converters: Converters) {
    const { config, deps, log, signal, connector, task } = scope;
    this.#scope = scope;
    this.#kafka = kafka;
    this.#converters = converters;
    this.#io = { signal, deadline: scope.sendDeadline };
    this.#partitioner = createPartitioner(deps.random);
    const topic = config['errors.deadletterqueue.topic.name']?.trim() ?? '';
    const contextHeaders = isTrue(config['errors.deadletterqueue.context.headers.enable']);
    const deadLetters =
      topic === ''
        ? undefined
        : deadLetterQueue({
            topic,
            contextHeaders,
            connector: connector.name,
            task: task.task,
            send: (record) => this.#send(record),
          });
    this.operator = errorHandling({
      config,
      log,
      clock: deps.clock,
      random: deps.random,
      signal,
      ...(deadLetters ? { deadLetters } : {}),
    });
    const logs = isTrue(config['errors.log.enable']);
    this.reporter =
      deadLetters !== undefined || logs ? { report: (record, error) => this.#report(record, error) } : null;
  }

  async close(): Promise<void> {
    await this.#producer?.close();
  }

  #report(record: SinkRecord, error: unknown): Promise<void> {
    const consumed = this.origins.get(record) ?? this.#serialise(record);
    // Class and stage as Kafka Connect names them for reports of a task.
    return this.operator.failed({
      stage: 'TASK_PUT',
      executingClass: 'org.apache.kafka.connect.sink.SinkTask',
      error,
      attempts: 1,
      consumed,
    });
  }

  /** A record the task built itself has no bytes in Kafka: the connector's converters make them. */
  #serialise(record: SinkRecord): NonNullable<FailedRecord['consumed']> {
    const { key, value, header } = this.#converters;
    const { topic } = record;
    return {
      topic: record.originalTopic,
      partition: record.originalKafkaPartition,
      record: {
        offset: record.originalKafkaOffset,
        timestamp: record.timestamp ?? -1,
        timestampType: record.timestampType,
        key: key.fromConnectData(topic, record.keySchema ?? null, record.key ?? null),
        value: value.fromConnectData(topic, record.valueSchema ?? null, record.value ?? null),
        headers: (record.headers ?? []).map((h) => ({
          key: h.key,
          value: header.fromConnectHeader(topic, h.key, h.schema, h.value),
        })),
      },
    };
  }

  async #send(record: Omit<ProduceRecord, 'partition'>): Promise<void> {
    const { topic } = record;
    if (this.#partitions === 0) this.#partitions = await this.#partitionsOf(topic);
    this.#producer ??= this.#kafka.producer({});
    const partition = this.#partitioner.partitionOf(record, this.#partitions);
    const answer = await this.#producer.send([{ ...record, partition }], this.#io);
    for (const { error } of answer.values()) if (error !== undefined) throw error;
  }

  /** The dead-letter topic is created with one partition where it is missing, as in Kafka Connect. */
  async #partitionsOf(topic: string): Promise<number> {
    const known = (await this.#kafka.describeTopics([topic], this.#io)).get(topic);
    if (known !== undefined) return known.partitions.length;
    const replicationFactor = Number(
      this.#scope.config['errors.deadletterqueue.topic.replication.factor'] ?? 3,
    );
    await this.#kafka.createTopics([{ topic, partitions: 1, replicationFactor }], this.#io);
    return 1;
  }
}
