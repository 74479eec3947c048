import type { OffsetMap } from '../../api/record.ts';
import type { CallOptions, KafkaClient } from '../../kafka/ports.ts';
import { transactionalId } from '../../plugins/exactly-once-names.ts';
import type { ConnectorItem } from '../../storage/items/connector-item.ts';
import { placesOf } from '../record-sender.ts';
import type { WorkerDeps } from '../worker-deps.ts';
import { ensureOffsetsTopic } from './ensure-offsets-topic.ts';
import { fence, idsOf } from './fence-tasks.ts';
import { offsetRecord } from './logged-offset.ts';
import { offsetsTopic, transactionalOptions } from './settings.ts';

/** Null deletes the offset. */
export type OffsetChange = readonly [partition: OffsetMap, offset: OffsetMap | null];

export interface Alteration {
  readonly connector: ConnectorItem;
  /** Fresh: above every run's. */
  readonly epoch: number;
  readonly changes: readonly OffsetChange[];
}

/**
 * Alters the offsets of an exactly-once source that is stopped, as Kafka Connect does: every transactional id is
 * fenced, and the records go to the offsets topic in one transaction, under the id of task 0; the table follows. Cut
 * anywhere, the items are not clean, and the next run takes what Kafka says.
 */
export async function alterLoggedOffsets(
  { connector, epoch, changes }: Alteration,
  kafka: KafkaClient,
  deps: Pick<WorkerDeps, 'state' | 'workerConfig' | 'clock' | 'random'>,
  call: CallOptions,
): Promise<void> {
  const { state, workerConfig, clock, random } = deps;
  const { name, config } = connector;
  const topic = offsetsTopic(config, workerConfig);
  const partitions = await ensureOffsetsTopic(kafka, topic, call);
  const target = { connector: name, epoch, topic: topic.topic, partitions };
  const records = changes.map(([partition, offset]) => offsetRecord(target, partition, offset));
  await fence(kafka, idsOf(workerConfig, name, Math.max(connector.transactionalTasks, 1)), call);
  const claims = [];
  for (const [partition] of changes) claims.push(await state.loggedOffsets.claim(name, partition, target));

  const producer = kafka.transactional(
    transactionalId(workerConfig, name, 0),
    transactionalOptions(config, workerConfig),
  );
  try {
    await producer.init(call);
    const answer = await producer.run(async (transaction) => {
      const produced = await transaction.send(records, call);
      for (const { error } of produced.values()) if (error !== undefined) throw error;
      return produced;
    }, call);
    const places = placesOf(records, answer);
    for (const [i, [, offset]] of changes.entries()) {
      const [claim, log] = [claims[i], places[i]];
      if (claim === undefined || log === undefined || !('topic' in log)) continue;
      await state.loggedOffsets.store(name, claim.stored, offset, {
        epoch,
        now: clock.now(),
        token: random.token(),
        log,
        topic: target.topic,
        clean: true,
        keep: 'always',
      });
    }
  } finally {
    await producer.close();
  }
}
