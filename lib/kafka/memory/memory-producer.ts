import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import { errorOf } from '../error-codes.ts';
import { closedError, type KafkaError } from '../kafka-error.ts';
import type { CallOptions, KafkaProducer, ProducedPartition, ProduceRecord } from '../ports.ts';
import type { MemoryClient } from './memory-client.ts';
import type { MemoryKafka } from './memory-kafka.ts';

const codes = { unknownTopicOrPartition: 3, messageTooLarge: 10, invalidRecord: 87 } as const;
const defaultMaxMessageBytes = 1_048_588;

export class MemoryProducer implements KafkaProducer {
  readonly #kafka: MemoryKafka;
  readonly #client: MemoryClient;
  #closed = false;

  constructor(kafka: MemoryKafka, client: MemoryClient) {
    this.#kafka = kafka;
    this.#client = client;
  }

  send(
    records: readonly ProduceRecord[],
    call: CallOptions,
  ): Promise<Map<TopicPartition, ProducedPartition>> {
    return this.#client.perform('produce', call, () => {
      if (this.#closed) throw closedError('producer');
      const produced = new Map<TopicPartition, ProducedPartition>();
      for (const [key, ofPartition] of Map.groupBy(records, ({ topic, partition }) =>
        topicPartition(topic, partition),
      )) {
        produced.set(key, this.#append(ofPartition));
      }
      return produced;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** A batch is appended whole or not at all, as on a broker. */
  #append(records: readonly ProduceRecord[]): ProducedPartition {
    for (const record of records) {
      const error = this.#refusal(record);
      if (error) return { baseOffset: -1n, error };
    }
    const [baseOffset = -1n] = records.map((record) => this.#kafka.append(record));
    return { baseOffset };
  }

  #refusal({ topic, partition, key, value }: ProduceRecord): KafkaError | undefined {
    const known = this.#kafka.topics.get(topic);
    if (!known?.partitions[partition]) return errorOf(codes.unknownTopicOrPartition, { topic, partition });
    const limit = Number(known.configs['max.message.bytes'] ?? defaultMaxMessageBytes);
    if ((key?.length ?? 0) + (value?.length ?? 0) > limit)
      return errorOf(codes.messageTooLarge, { topic, partition });
    const compacted = known.configs['cleanup.policy']?.includes('compact') ?? false;
    return compacted && key === null ? errorOf(codes.invalidRecord, { topic, partition }) : undefined;
  }
}
