import type { CallOptions, KafkaClient, ProducerEpoch, TransactionalProducer } from '../../kafka/ports.ts';
import { transactionalId } from '../../plugins/exactly-once-names.ts';
import type { TaskItem } from '../../storage/items/task-item.ts';
import type { RunScope } from '../task-runner.ts';
import { transactionalOptions } from './settings.ts';

export interface TaskProducer {
  readonly producer: TransactionalProducer;
  /** This init came right after the last one the table knows of: nobody else has written in between. */
  readonly trusted: boolean;
}

/**
 * Takes over the task's transactional id. InitProducerId ends and fences whatever wrote under it before; then the
 * table is asked again, for who comes late to the init has just fenced the rightful owner, and must not produce.
 * Undefined: the task is another run's, or of another generation, by now.
 *
 * The init is noted in the TASK item. One that does not follow the noted one tells that the table has missed
 * something (it was restored from a backup, the id was fenced or forgotten): then Kafka's offsets count.
 */
export async function takeProducer(
  scope: RunScope,
  kafka: KafkaClient,
  before: TaskItem | undefined,
  call: CallOptions,
): Promise<TaskProducer | undefined> {
  const { connector, task, deps, config, lease } = scope;
  const { epoch, generation } = lease.run;
  if (before === undefined || before.owner !== epoch || before.generation !== generation) return undefined;
  const id = transactionalId(deps.workerConfig, connector.name, task.task);
  const producer = kafka.transactional(id, transactionalOptions(config, deps.workerConfig));
  try {
    const now = await producer.init(call);
    const run = { epoch, generation, producer: `${now.producerId}:${now.epoch}` };
    if (await deps.state.tasks.confirmProducer(connector.name, task.task, run))
      return { producer, trusted: follows(before.producer, now) };
  } catch (error) {
    await producer.close();
    throw error;
  }
  await producer.close();
  return undefined;
}

const follows = (before: string | undefined, { producerId, epoch }: ProducerEpoch): boolean =>
  before === `${producerId}:${epoch - 1}`;
