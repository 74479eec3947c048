import { isTrue } from '../api/config.ts';
import type { ErrantRecordReporter } from '../api/context.ts';
import type { SinkRecord } from '../api/record.ts';
import { deadLetterQueue } from '../errors/dead-letter-queue.ts';
import type { FailedRecord } from '../errors/failed-record.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import type { Converters } from '../pipeline/converters.ts';
import type { Origins } from '../pipeline/sink-pipeline.ts';
import { TaskErrors } from './task-errors.ts';
import type { RunScope } from './task-runner.ts';

/** The error operator of a sink task with its dead-letter topic, and the reporter handed to the task. */
export class SinkErrors {
  readonly operator: RetryWithTolerance;
  readonly reporter: ErrantRecordReporter | null;
  readonly origins: Origins = new WeakMap();
  readonly #converters: Converters;
  readonly #errors: TaskErrors;
  /** Reports on their way, also those the task does not wait for; each settles to its error, if any. */
  #reports: Promise<unknown>[] = [];

  constructor(scope: RunScope, kafka: KafkaClient, converters: Converters) {
    const { config } = scope;
    this.#converters = converters;
    const contextHeaders = isTrue(config['errors.deadletterqueue.context.headers.enable']);
    this.#errors = new TaskErrors(scope, kafka, (options) => deadLetterQueue({ ...options, contextHeaders }));
    this.operator = this.#errors.operator;
    const reports = this.#errors.hasDeadLetters || isTrue(config['errors.log.enable']);
    this.reporter = reports ? { report: (record, error) => this.#report(record, error) } : null;
  }

  /**
   * Called after put, before its records count as delivered: every report is stored, also one the task did not wait
   * for, and a failed one fails the put, also when the task swallowed its error (Invariant 5).
   */
  async settle(): Promise<void> {
    const reports = this.#reports;
    this.#reports = [];
    for (const error of await Promise.all(reports)) if (error !== undefined) throw error;
  }

  /** Called when put failed: the batch is delivered and reported anew. */
  discard(): void {
    this.#reports = [];
  }

  async close(): Promise<void> {
    await this.#errors.close();
  }

  #report(record: SinkRecord, error: unknown): Promise<void> {
    const report = this.#stored(record, error);
    this.#reports.push(
      report.then(
        () => undefined,
        (failure: unknown) => failure,
      ),
    );
    return report;
  }

  async #stored(record: SinkRecord, error: unknown): Promise<void> {
    // Class and stage as Kafka Connect names them for reports of a task.
    await this.operator.failed({
      stage: 'TASK_PUT',
      executingClass: 'org.apache.kafka.connect.sink.SinkTask',
      error,
      attempts: 1,
      consumed: this.origins.get(record) ?? this.#serialise(record),
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
}
