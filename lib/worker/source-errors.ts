import { errorHandling } from '../errors/error-handling.ts';
import type { RetryWithTolerance } from '../errors/retry-with-tolerance.ts';
import { sourceDeadLetters } from '../errors/source-dead-letters.ts';
import type { KafkaClient } from '../kafka/ports.ts';
import { DeadLetterProducer, deadLetterTopic } from './dead-letter-producer.ts';
import { outagePolicy, type RunScope } from './task-runner.ts';

/** The error operator of a source task, with its dead-letter topic. */
export class SourceErrors {
  readonly operator: RetryWithTolerance;
  readonly #producer: DeadLetterProducer | undefined;

  constructor(scope: RunScope, kafka: KafkaClient) {
    const { config, deps, log, signal, connector, task, secrets } = scope;
    const topic = deadLetterTopic(config);
    const id = { connector: connector.name, task: task.task };
    const producer = topic === undefined ? undefined : new DeadLetterProducer(topic, scope, kafka);
    this.#producer = producer;
    this.operator = errorHandling({
      ...id,
      config,
      log,
      clock: deps.clock,
      random: deps.random,
      signal,
      outages: outagePolicy(scope),
      ...(producer === undefined
        ? {}
        : {
            deadLetters: sourceDeadLetters({
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
