import type { SourcePlugin } from '../api/connector.ts';
import type { SourceTaskContext } from '../api/context.ts';
import type { SourceRecord } from '../api/record.ts';
import type { SourceTask } from '../api/source.ts';
import { asRetriable, isOutage } from '../errors/outage.ts';
import { sourceDeadLetters } from '../errors/source-dead-letters.ts';
import type { CallOptions, KafkaClient, ProduceRecord } from '../kafka/ports.ts';
import { createPartitioner, type Partitioner } from '../kafka/partitioner.ts';
import { createConverters } from '../pipeline/converters.ts';
import { type ConvertedRecord, SourcePipeline } from '../pipeline/source-pipeline.ts';
import { TopicCreation } from '../pipeline/topic-creation.ts';
import { createTransformationChain } from '../pipeline/transformation-chain.ts';
import { ActiveTopics, distinctTopics } from './active-topics.ts';
import type { DeliveryParts } from './at-least-once-delivery.ts';
import { partitionerSettings } from './client-settings.ts';
import type { SourceDelivery } from './source-delivery.ts';
import { TaskErrors } from './task-errors.ts';
import { type RunEnd, type RunScope, stopReason } from './task-runner.ts';

/** A drain is over after this many empty polls in a row. */
const emptyPollsToCatchUp = 2;
/** Keeps a source that answers "nothing" at once from spinning. */
const idleMs = 100;

/** What is different with exactly-once delivery. */
export interface SourceMode {
  readonly context: SourceTaskContext;
  readonly delivery: (parts: DeliveryParts) => SourceDelivery;
}

/** Runs one source task: poll → transform → convert → deliver, until it should stop. */
export async function moveSource(
  plugin: SourcePlugin,
  scope: RunScope,
  kafka: KafkaClient,
  mode: SourceMode,
): Promise<RunEnd> {
  const task = await plugin.task();
  const runner = new SourceTaskRunner(task, scope, kafka, mode);
  try {
    await task.start?.(scope.taskConfig, mode.context);
    return await runner.loop();
  } finally {
    await runner.close();
    try {
      await task.stop?.();
    } catch (error) {
      scope.log.warn('stop failed', { error: String(error) });
    }
  }
}

class SourceTaskRunner {
  readonly #context: SourceTaskContext;
  readonly #task: SourceTask;
  readonly #scope: RunScope;
  readonly #errors: TaskErrors;
  readonly #pipeline: SourcePipeline;
  readonly #topics: TopicCreation;
  readonly #active: ActiveTopics;
  readonly #delivery: SourceDelivery;
  readonly #partitioner: Partitioner;
  readonly #io: CallOptions;

  constructor(task: SourceTask, scope: RunScope, kafka: KafkaClient, { context, delivery }: SourceMode) {
    const { config, deps, signal, sendDeadline } = scope;
    this.#context = context;
    this.#task = task;
    this.#scope = scope;
    this.#errors = new TaskErrors(scope, kafka, sourceDeadLetters);
    this.#pipeline = new SourcePipeline(
      createTransformationChain(config, deps.registry),
      createConverters(config, deps.workerConfig, deps.registry),
      this.#errors.operator,
    );
    this.#topics = new TopicCreation(config, kafka, deps.workerConfig);
    this.#active = new ActiveTopics(scope);
    this.#partitioner = createPartitioner(deps.random, partitionerSettings(config));
    this.#delivery = delivery({ scope, task, kafka, errors: this.#errors.operator });
    this.#io = { signal, deadline: sendDeadline };
  }

  async loop(): Promise<RunEnd> {
    let empty = 0;
    let end: RunEnd | undefined;
    try {
      while ((end = stopReason(this.#scope)) === undefined) {
        const records = await this.#poll();
        if (records !== null && records.length > 0) {
          empty = 0;
          await this.#send(records);
        } else {
          empty++;
          await this.#delivery.idle(records !== null);
          if (this.#scope.draining && empty >= emptyPollsToCatchUp) {
            end = 'CAUGHT_UP';
            break;
          }
          await this.#scope.deps.clock.sleep(idleMs, this.#scope.signal);
        }
        await this.#delivery.keepUp();
      }
    } catch (error) {
      await this.#delivery.failed();
      throw error;
    }
    await this.#scope.lease.advance('DRAINING');
    await this.#delivery.finish();
    return end;
  }

  async close(): Promise<void> {
    await this.#delivery.close();
    await this.#errors.close();
  }

  /**
   * Connect treats a retriable failure as an empty poll, for ever; here the run ends after a few, unbilled. Other
   * signs of an outage, which fail the task there, count as retriable here.
   */
  async #poll(): Promise<readonly SourceRecord[] | null> {
    const { log, deps, signal } = this.#scope;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#task.poll(this.#context);
      } catch (error) {
        if (signal.aborted || !isOutage(error)) throw error;
        if (attempt >= deps.timing.maxRetriesInRun) throw asRetriable(error, 'The source cannot be read');
        log.warn('poll failed, to be tried again', { attempt, error: String(error) });
        await deps.clock.sleep(idleMs * 2 ** attempt, signal);
      }
    }
  }

  /**
   * Converts this batch while the one before may still be on its way. What comes before a record that cannot be
   * converted is handed over, before that record's failure ends the run.
   */
  async #send(polled: readonly SourceRecord[]): Promise<void> {
    const { converted, failure } = await this.#pipeline.process(polled);
    const records = failure === undefined ? polled : polled.slice(0, converted.length);
    const topics = distinctTopics(converted, (record) => record?.topic);
    const partitions = await this.#topics.ensure(topics, this.#io);
    await this.#active.note(topics);
    const produced = this.#placed(converted, partitions);
    await this.#delivery.deliver({ records, produced }, failure);
  }

  /** Chooses the partitions, in the records themselves: a copy of each would cost more than all else here. */
  #placed(
    converted: readonly (ConvertedRecord | null)[],
    partitions: ReadonlyMap<string, number>,
  ): readonly (ProduceRecord | null)[] {
    for (const record of converted) {
      if (record === null) continue;
      record.partition = this.#partitioner.partitionOf(record, partitions.get(record.topic) ?? 1);
    }
    return converted as readonly (ProduceRecord | null)[];
  }
}
