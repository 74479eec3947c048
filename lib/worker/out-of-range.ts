import { ConnectError } from '../api/errors.ts';
import { splitTopicPartition, type TopicPartition } from '../api/topic-partition.ts';
import type { Logger } from '../foundation/logger.ts';
import type { CallOptions, KafkaClient } from '../kafka/ports.ts';
import type { FetchSettings } from './client-settings.ts';

export interface OutOfRange {
  readonly partition: TopicPartition;
  readonly position: bigint;
  readonly policy: Exclude<FetchSettings['reset'], 'none'>;
}

/**
 * Where a sink goes on in a partition that does not hold its position, by `auto.offset.reset` as in Kafka Connect. It
 * says what has happened: records were deleted before they were read, or the partition ends before the position, so it
 * must have been created anew (or lost its end), and what it holds now is new whatever its offsets.
 */
export async function goOnElsewhere(
  { partition, position, policy }: OutOfRange,
  kafka: KafkaClient,
  io: CallOptions,
  log: Logger,
): Promise<bigint> {
  const earliest = await ask(partition, 'earliest', kafka, io);
  const latest = await ask(partition, 'latest', kafka, io);
  const next = policy === 'earliest' ? earliest : latest;
  const facts = {
    partition,
    position: String(position),
    earliest: String(earliest),
    latest: String(latest),
    continuesAt: String(next),
    policy,
  };
  if (position > latest)
    log.warn(
      'offset out of range: the topic ends before it, so it was created anew or has lost records',
      facts,
    );
  else
    log.warn('offset out of range: records were deleted before they were read', {
      ...facts,
      skipped: String(next - position),
    });
  return next;
}

async function ask(
  partition: TopicPartition,
  at: 'earliest' | 'latest',
  kafka: KafkaClient,
  io: CallOptions,
): Promise<bigint> {
  const answers = await kafka.listOffsets([{ ...splitTopicPartition(partition), at }], io);
  const answer = answers.get(partition);
  if (answer !== undefined && answer.error === undefined) return answer.offset;
  throw answer?.error ?? new ConnectError(`Kafka did not say where ${partition} is`, { retriable: true });
}
