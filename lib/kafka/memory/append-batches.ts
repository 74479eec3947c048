import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { errorOf } from '../error-codes.ts';
import type { KafkaError } from '../kafka-error.ts';
import { encoded, type EncodedValue, type ProducedPartition, type ProduceRecord } from '../ports.ts';
import { sizeOf } from './memory-log.ts';
import type { MemoryKafka } from './memory-kafka.ts';
import type { MemoryIdentity } from './memory-transactions.ts';

const codes = { unknownTopicOrPartition: 3, messageTooLarge: 10, invalidRecord: 87 } as const;
const defaultMaxMessageBytes = 1_048_588;

/** One batch a partition, each appended whole or not at all, as on a broker; `identity`: in its transaction. */
export function appendBatches(
  kafka: MemoryKafka,
  records: readonly ProduceRecord[],
  identity?: MemoryIdentity,
): Map<TopicPartition, ProducedPartition> {
  const produced = new Map<TopicPartition, ProducedPartition>();
  const batches = Map.groupBy(records.map(encoded<ProduceRecord>), ({ topic, partition }) =>
    topicPartition(topic, partition),
  );
  for (const [key, batch] of batches) produced.set(key, appendBatch(kafka, batch, identity));
  return produced;
}

function appendBatch(
  kafka: MemoryKafka,
  batch: readonly (ProduceRecord & EncodedValue)[],
  identity: MemoryIdentity | undefined,
): ProducedPartition {
  for (const record of batch) {
    const error = refusal(kafka, record);
    if (error) return { baseOffset: -1n, bytes: 0, error };
  }
  const [{ topic, partition } = { topic: '', partition: -1 }] = batch;
  const log = kafka.partition(topic, partition);
  const joined = identity && log ? kafka.transactions.join(identity, log) : undefined;
  if (typeof joined === 'number')
    return { baseOffset: -1n, bytes: 0, error: errorOf(joined, { topic, partition }) };
  const [baseOffset = -1n] = batch.map((record) => kafka.append(record, joined));
  return { baseOffset, bytes: batch.reduce((sum, record) => sum + sizeOf(record), 0) };
}

function refusal(
  kafka: MemoryKafka,
  { topic, partition, key, value }: ProduceRecord,
): KafkaError | undefined {
  const known = kafka.topics.get(topic);
  if (!known?.partitions[partition]) return errorOf(codes.unknownTopicOrPartition, { topic, partition });
  const limit = Number(known.configs['max.message.bytes'] ?? defaultMaxMessageBytes);
  if ((key?.length ?? 0) + (value?.length ?? 0) > limit)
    return errorOf(codes.messageTooLarge, { topic, partition });
  const compacted = known.configs['cleanup.policy']?.includes('compact') ?? false;
  return compacted && key === null ? errorOf(codes.invalidRecord, { topic, partition }) : undefined;
}
