import type { TopicPartition } from '../../api/topic-partition.ts';
import { closedError } from '../kafka-error.ts';
import type { CallOptions, KafkaProducer, ProducedPartition, ProduceRecord } from '../ports.ts';
import { appendBatches } from './append-batches.ts';
import type { MemoryClient } from './memory-client.ts';
import type { MemoryKafka } from './memory-kafka.ts';

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
      return appendBatches(this.#kafka, records);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}
