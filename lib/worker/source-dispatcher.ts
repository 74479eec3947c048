import { DataError } from '../api/errors.ts';
import type { RecordMetadata, SourceTask } from '../api/source.ts';
import type { SourceRecord } from '../api/record.ts';
import { topicPartition, type TopicPartition } from '../api/topic-partition.ts';
import type { Logger } from '../foundation/logger.ts';
import type { CallOptions, KafkaProducer, ProduceRecord, ProducedPartition } from '../kafka/ports.ts';
import { partitionId } from '../storage/items/offsets.ts';
import { type Entry, SubmittedRecords } from './submitted-records.ts';

export interface DispatcherOptions {
  readonly producer: KafkaProducer;
  readonly task: SourceTask;
  /** `errors.tolerance=all`: a record Kafka refuses for good is skipped instead of failing the task. */
  readonly tolerant: boolean;
  readonly log: Logger;
}

/** One polled batch on its way: `produced[i]` is null where the record was dropped. */
export interface Batch {
  readonly records: readonly SourceRecord[];
  readonly produced: readonly (ProduceRecord | null)[];
}

/**
 * Sends batches to Kafka and keeps book of what may be committed: a source partition's offset moves only over
 * records Kafka has acknowledged (Invariant 1). Dropped records get `commitRecord(record, null)`, and their offset
 * waits for a later record of the same partition, as in Kafka Connect.
 */
export class SourceDispatcher {
  readonly submitted: SubmittedRecords = new SubmittedRecords();
  readonly #options: DispatcherOptions;
  records = 0;
  bytes = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Resolves when every record of the batch is acknowledged or skipped; throws the first failure otherwise. */
  async dispatch(batch: Batch, options: CallOptions): Promise<void> {
    const sending = batch.produced.filter((record) => record !== null);
    const submissions = this.#submit(batch);
    if (sending.length > 0) {
      const answer = await this.#options.producer.send(sending, options);
      this.#check(answer);
      this.#count(sending);
      await this.#confirm(batch, answer);
    } else {
      await this.#confirm(batch, new Map());
    }
    for (const submission of submissions) this.submitted.acknowledge(submission);
  }

  /** Neighbours of the same source partition are submitted as one stretch. */
  #submit({ records, produced }: Batch): Entry[] {
    const submissions: Entry[] = [];
    let last:
      | {
          partition: SourceRecord['sourcePartition'];
          id: string;
          offset: SourceRecord['sourceOffset'];
          records: number;
        }
      | undefined;
    const close = (): void => {
      if (last !== undefined) submissions.push(this.submitted.submit(last.id, last));
    };
    for (const [i, record] of records.entries()) {
      if (produced[i] === null) continue;
      const { sourcePartition: partition, sourceOffset: offset } = record;
      if (last !== undefined && (last.partition === partition || last.id === partitionId(partition))) {
        last.offset = offset;
        last.records++;
      } else {
        close();
        last = { partition, id: partitionId(partition), offset, records: 1 };
      }
    }
    close();
    return submissions;
  }

  #check(answer: ReadonlyMap<TopicPartition, ProducedPartition>): void {
    for (const [partition, { error }] of answer) {
      if (error === undefined) continue;
      if (this.#options.tolerant && !error.retriable)
        this.#options.log.warn('records refused by Kafka are skipped', { partition, error: error.message });
      else throw error;
    }
  }

  #count(sent: readonly ProduceRecord[]): void {
    this.records += sent.length;
    for (const { key, value } of sent) this.bytes += (key?.length ?? 0) + (value?.length ?? 0);
  }

  async #confirm(
    { records, produced }: Batch,
    answer: ReadonlyMap<TopicPartition, ProducedPartition>,
  ): Promise<void> {
    const { task, log } = this.#options;
    if (task.commitRecord === undefined) return;
    const sent = new Map<TopicPartition, bigint>();
    for (const [i, record] of records.entries()) {
      try {
        await task.commitRecord(record, metadataOf(produced[i] ?? null, answer, sent));
      } catch (error) {
        log.warn('commitRecord failed', { error: String(error) });
      }
    }
  }
}

/** Offsets of one partition in one send follow each other without gaps. */
function metadataOf(
  record: ProduceRecord | null,
  answer: ReadonlyMap<TopicPartition, ProducedPartition>,
  sent: Map<TopicPartition, bigint>,
): RecordMetadata | null {
  if (record === null) return null;
  const id = topicPartition(record.topic, record.partition);
  const produced = answer.get(id);
  if (produced === undefined) throw new DataError(`Kafka did not answer for ${id}`);
  if (produced.error !== undefined) return null;
  const index = sent.get(id) ?? 0n;
  sent.set(id, index + 1n);
  return { topic: record.topic, partition: record.partition, offset: produced.baseOffset + index };
}
