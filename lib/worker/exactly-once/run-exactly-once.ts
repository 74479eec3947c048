import type { SourcePlugin } from '../../api/connector.ts';
import { ConnectError, RetriableError } from '../../api/errors.ts';
import type { CallOptions, KafkaClient } from '../../kafka/ports.ts';
import { TransactionError } from '../../kafka/transaction-error.ts';
import { sourceTaskContext } from '../plugin-context.ts';
import { moveSource } from '../source-task-runner.ts';
import type { RunEnd, RunScope } from '../task-runner.ts';
import { ensureOffsetsTopic } from './ensure-offsets-topic.ts';
import { ExactlyOnceDelivery } from './exactly-once-delivery.ts';
import type { LogTarget } from './logged-offset.ts';
import { OffsetsLogReader } from './offsets-log-reader.ts';
import { offsetsTopic } from './settings.ts';
import { type TaskProducer, takeProducer } from './task-producer.ts';
import { transactionBoundary } from './transaction-boundary.ts';
import { type OffsetsLog, TransactionalOffsets } from './transactional-offsets.ts';

/** How often one run takes its transactional id over again: a zombie fences it once, and then ends. */
const mostRenewals = 3;

/**
 * A run whose records and offsets are committed together (KIP-618):
 *
 *   claim task ▶ InitProducerId ▶ ask the table again ▶ read offsets ▶ produce ▶ commit in Kafka ▶ OFFSET items
 *
 * After a failure that leaves its producer without use it begins anew at the init, with a fresh task object and the
 * offsets that are committed, as long as the task is its own.
 */
export async function runExactlyOnce(
  plugin: SourcePlugin,
  scope: RunScope,
  kafka: KafkaClient,
): Promise<RunEnd> {
  const { deps, connector, lease } = scope;
  const call: CallOptions = { signal: scope.signal, deadline: scope.sendDeadline };
  const topic = offsetsTopic(scope.config, deps.workerConfig);
  const target: LogTarget = {
    connector: connector.name,
    epoch: lease.run.epoch,
    topic: topic.topic,
    partitions: await ensureOffsetsTopic(kafka, topic, call),
  };
  let task: RunScope['task'] | undefined = scope.task;
  for (let renewals = 0; ; renewals++) {
    const attempt = new Attempt(plugin, scope, kafka, target);
    try {
      const taken = await takeProducer(scope, kafka, task, call);
      if (taken !== undefined) return await attempt.run(taken, call);
      if (renewals === 0) return 'YIELD';
      throw new ConnectError(`Run ${target.epoch} no longer owns its task`, { code: 'FENCED' });
    } catch (error) {
      if (scope.signal.aborted || attempt.isEnding || renewals >= mostRenewals || !isRenewable(error))
        throw asOutcome(error);
      scope.log.warn('the transactional producer is taken over again, to go on from what is committed', {
        renewal: renewals + 1,
        error: String(error),
      });
    }
    task = await deps.state.tasks.get(connector.name, scope.task.task);
  }
}

/** One producer object, from its init until it ends or is of no use any more. */
class Attempt {
  readonly #plugin: SourcePlugin;
  readonly #scope: RunScope;
  readonly #kafka: KafkaClient;
  readonly #target: LogTarget;
  #delivery: ExactlyOnceDelivery | undefined;

  constructor(plugin: SourcePlugin, scope: RunScope, kafka: KafkaClient, target: LogTarget) {
    this.#plugin = plugin;
    this.#scope = scope;
    this.#kafka = kafka;
    this.#target = target;
  }

  get isEnding(): boolean {
    return this.#delivery?.isEnding ?? false;
  }

  async run({ producer, trusted }: TaskProducer, call: CallOptions): Promise<RunEnd> {
    const { deps, softDeadline, signal } = this.#scope;
    const boundary = transactionBoundary(this.#scope);
    const offsets = new TransactionalOffsets({
      target: this.#target,
      log: this.#log(call),
      trusted,
      state: deps.state,
      clock: deps.clock,
      random: deps.random,
      call: { signal, deadline: softDeadline },
    });
    const context = {
      ...sourceTaskContext(this.#scope),
      offsets,
      ...(boundary.context && { transactions: boundary.context }),
    };
    try {
      return await moveSource(this.#plugin, this.#scope, this.#kafka, {
        context,
        delivery: ({ scope, task }) => {
          const offsetsTopic = this.#target.topic;
          this.#delivery = new ExactlyOnceDelivery({
            scope,
            task,
            producer,
            offsets,
            boundary,
            offsetsTopic,
          });
          return this.#delivery;
        },
      });
    } finally {
      await producer.close();
    }
  }

  /** Readers of this attempt: what one has read stays true for as long as nobody else may write it. */
  #log(call: CallOptions): OffsetsLog {
    const readers = new Map<string, OffsetsLogReader | undefined>();
    const { connector, topic: own, partitions } = this.#target;
    readers.set(own, new OffsetsLogReader(this.#kafka, { connector, topic: own, partitions }));
    return {
      find: async (topic, wanted, until) => {
        if (!readers.has(topic)) {
          // A topic of before that is gone takes its records with it.
          const known = (await this.#kafka.describeTopics([topic], call)).get(topic);
          const place = { connector, topic, partitions: known?.partitions.length ?? 0 };
          readers.set(topic, known && new OffsetsLogReader(this.#kafka, place));
        }
        return (await readers.get(topic)?.find(wanted, until)) ?? new Map();
      },
    };
  }
}

const isRenewable = (error: unknown): boolean =>
  error instanceof TransactionError && (error.failure === 'FENCED' || error.failure === 'OUTCOME_UNKNOWN');

/** The next run begins at the init and reads what is committed: that tells what became of it. */
const asOutcome = (error: unknown): unknown =>
  error instanceof TransactionError && error.failure === 'OUTCOME_UNKNOWN'
    ? new RetriableError('Whether the last transaction was committed is not known', { cause: error })
    : error;
