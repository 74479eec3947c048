import type { DeadLetterOptions } from '../errors/dead-letter-queue.ts';
import { errorHandling } from '../errors/error-handling.ts';
import type { ErrorReporter } from '../errors/failed-record.ts';
import { isOutage } from '../errors/outage.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import { DeadLetterProducer, deadLetterTopic } from './dead-letter-producer.ts';
import type { RunScope } from './task-runner.ts';

/** The error operator of a task with its dead-letter topic; `letters` says how this kind of task writes dead letters. */
export class TaskErrors {
  readonly operator: RetryWithTolerance;
  readonly hasDeadLetters: boolean;
  readonly #producer: DeadLetterProducer | undefined;

  constructor(scope: RunScope, kafka: KafkaClient, letters: (options: DeadLetterOptions) => ErrorReporter) {
    const { config, deps, log, signal, connector, task, secrets, softDeadline } = scope;
    const id = { connector: connector.name, task: task.task };
    const topic = deadLetterTopic(config);
    const producer = topic === undefined ? undefined : new DeadLetterProducer(topic, scope, kafka);
    this.#producer = producer;
    this.hasDeadLetters = producer !== undefined;
    this.operator = errorHandling({
      ...id,
      config,
      log,
      clock: deps.clock,
      random: deps.random,
      signal,
      // An outage is waited for a few tries long; then the run ends, and the coordinator backs off unbilled.
      outages: { isOutage, attempts: deps.timing.maxRetriesInRun, until: softDeadline },
      ...(producer && {
        deadLetters: letters({
          ...id,
          hide: secrets.hide,
          topic: producer.topic,
          send: (record) => producer.send(record),
        }),
      }),
    });
  }

  async close(): Promise<void> {
    await this.#producer?.close();
  }
}
