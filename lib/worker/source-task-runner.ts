import type { SourcePlugin } from '../api/connector.ts';
import type { SourceTaskContext } from '../api/context.ts';
import { toConnectError } from '../api/errors.ts';
import type { SourceRecord } from '../api/record.ts';
import type { SourceTask } from '../api/source.ts';
import { tolerance } from '../errors/error-handling.ts';
import { asRetriable, isOutage } from '../errors/outage.ts';
import { sourceDeadLetters } from '../errors/source-dead-letters.ts';
import type { CallOptions, KafkaClient, ProduceRecord } from '../kafka/ports.ts';
import { createPartitioner, type Partitioner } from '../kafka/partitioner.ts';
import { createConverters } from '../pipeline/converters.ts';
import { type ConvertedRecord, SourcePipeline } from '../pipeline/source-pipeline.ts';
import { TopicCreation } from '../pipeline/topic-creation.ts';
import { createTransformationChain } from '../pipeline/transformation-chain.ts';
import { ActiveTopics } from './active-topics.ts';
import { producerSettings } from './client-settings.ts';
import { CommitCadence } from './commit-cadence.ts';
import { sourceTaskContext } from './plugin-context.ts';
import { RecordSender } from './record-sender.ts';
import { maxRequestSize } from './record-size.ts';
import { SourceDispatcher } from './source-dispatcher.ts';
import { TaskErrors } from './task-errors.ts';
import { type RunEnd, type RunScope, stopReason } from './task-runner.ts';

/** A drain is over after this many empty polls in a row. */
const emptyPollsToCatchUp = 2;
/** Keeps a source that answers "nothing" at once from spinning. */
const idleMs = 100;

/** Runs one source task: poll → transform → convert → produce → acknowledge → commit, until it should stop. */
export async function runSourceTask(
  plugin: SourcePlugin,
  scope: RunScope,
  kafka: KafkaClient,
): Promise<RunEnd> {
  const task = await plugin.task();
  const runner = new SourceTaskRunner(task, scope, kafka);
  try {
    await task.start?.(scope.taskConfig, runner.context);
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
  readonly context: SourceTaskContext;
  readonly #task: SourceTask;
  readonly #scope: RunScope;
  readonly #errors: TaskErrors;
  readonly #pipeline: SourcePipeline;
  readonly #topics: TopicCreation;
  readonly #active: ActiveTopics;
  readonly #dispatcher: SourceDispatcher;
  readonly #producer: ReturnType<KafkaClient['producer']>;
  readonly #partitioner: Partitioner;
  readonly #cadence: CommitCadence;
  readonly #io: CallOptions;
  /** The batch before, still on its way while the next is polled; settled to its error, if any. */
  #inFlight: Promise<unknown> = Promise.resolve();

  constructor(task: SourceTask, scope: RunScope, kafka: KafkaClient) {
    const { config, deps, log, signal, sendDeadline } = scope;
    this.context = sourceTaskContext(scope);
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
    this.#producer = kafka.producer(producerSettings(config));
    this.#partitioner = createPartitioner(deps.random);
    this.#dispatcher = new SourceDispatcher({
      sender: new RecordSender({
        producer: this.#producer,
        maxRequestSize: maxRequestSize(config),
        tolerant: tolerance(config) === 'all',
      }),
      task,
      errors: this.#errors.operator,
      log,
    });
    this.#cadence = new CommitCadence(config, deps);
    this.#io = { signal, deadline: sendDeadline };
  }

  async loop(): Promise<RunEnd> {
    let empty = 0;
    let end: RunEnd | undefined;
    try {
      while ((end = stopReason(this.#scope)) === undefined) {
        const records = await this.#poll();
        if (records.length > 0) {
          empty = 0;
          await this.#send(records);
        } else {
          empty++;
          await this.#settle();
          if (this.#scope.draining && empty >= emptyPollsToCatchUp) {
            end = 'CAUGHT_UP';
            break;
          }
          await this.#scope.deps.clock.sleep(idleMs, this.#scope.signal);
        }
        if (this.#cadence.isDue()) await this.#commit();
      }
    } catch (error) {
      await this.#commitWhatIsAcknowledged();
      throw error;
    }
    await this.#scope.lease.advance('DRAINING');
    await this.#settle();
    await this.#commit();
    return end;
  }

  async close(): Promise<void> {
    await this.#inFlight;
    await this.#producer.close();
    await this.#errors.close();
  }

  /**
   * Connect treats a retriable failure as an empty poll, for ever; here the run ends after a few, unbilled. Other
   * signs of an outage, which fail the task there, count as retriable here.
   */
  async #poll(): Promise<readonly SourceRecord[]> {
    const { log, deps, signal } = this.#scope;
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#task.poll(this.context)) ?? [];
      } catch (error) {
        if (signal.aborted || !isOutage(error)) throw error;
        if (attempt >= deps.timing.maxRetriesInRun) throw asRetriable(error, 'The source cannot be read');
        log.warn('poll failed, to be tried again', { attempt, error: String(error) });
        await deps.clock.sleep(idleMs * 2 ** attempt, signal);
      }
    }
  }

  /**
   * Converts this batch while the one before is still being acknowledged; at most one is in flight. What comes before
   * a record that cannot be converted is delivered, before that record's failure ends the run.
   */
  async #send(polled: readonly SourceRecord[]): Promise<void> {
    const { converted, failure } = await this.#pipeline.process(polled);
    const records = failure === undefined ? polled : polled.slice(0, converted.length);
    const topics = topicsOf(converted);
    const partitions = await this.#topics.ensure(topics, this.#io);
    await this.#active.note(topics);
    const produced = this.#placed(converted, partitions);
    await this.#settle();
    this.#inFlight = this.#dispatcher.dispatch({ records, produced }, this.#io).then(
      () => undefined,
      (error: unknown) => error ?? new Error('unknown failure'),
    );
    // As in Kafka Connect a failure that is known already comes before the next poll.
    if (failure !== undefined || this.#dispatcher.refuses) await this.#settle();
    if (failure !== undefined) throw failure.error;
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

  async #settle(): Promise<void> {
    const error = await this.#inFlight;
    const { lease } = this.#scope;
    lease.stats = { records: this.#dispatcher.records, bytes: this.#dispatcher.bytes, lag: -1 };
    if (error !== undefined) throw error;
  }

  async #commit(): Promise<void> {
    const { offsets, signal, log } = this.#scope;
    signal.throwIfAborted();
    for (const { partition, offset } of this.#dispatcher.submitted.takeCommittable().offsets.values()) {
      await offsets.commit(partition, offset);
    }
    this.#cadence.committed();
    try {
      await this.#task.commit?.();
    } catch (error) {
      log.warn('commit failed', { error: String(error) });
    }
  }

  /** After a failure: the run ends with that failure, but what is in Kafka already need not be sent again. */
  async #commitWhatIsAcknowledged(): Promise<void> {
    await this.#inFlight;
    if (this.#scope.signal.aborted) return;
    try {
      await this.#commit();
    } catch (error) {
      this.#scope.log.warn('offsets not committed after a failure; their records will be sent again', {
        error: toConnectError(error).message,
      });
    }
  }
}

function topicsOf(records: readonly (ConvertedRecord | null)[]): ReadonlySet<string> {
  const topics = new Set<string>();
  let last: string | undefined;
  for (const record of records) {
    if (record === null || record.topic === last) continue;
    last = record.topic;
    topics.add(last);
  }
  return topics;
}
