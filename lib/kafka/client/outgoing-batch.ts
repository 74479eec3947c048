import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import type { KafkaError } from '../kafka-error.ts';
import type { CompressionType, ProducedPartition, ProduceRecord } from '../ports.ts';
import { BatchBuilder, maxSizeOfRecord } from '../record-batch/batch-builder.ts';
import type { BatchBuffers } from '../record-batch/batch-buffers.ts';
import { batchLayout } from '../record-batch/batch-header.ts';

/** Below brokers' default max.message.bytes of 1048588, whatever the header adds. */
export const largestBatchBytes = 1_000_000;

/** One call of `send`: done when each of its batches is settled. */
export class Send {
  readonly outcome: Promise<Map<TopicPartition, ProducedPartition>>;
  /** For failures that are not Kafka's. */
  readonly reject: (error: unknown) => void;
  readonly #resolve: (produced: Map<TopicPartition, ProducedPartition>) => void;
  readonly #produced = new Map<TopicPartition, ProducedPartition>();
  #open = 0;

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<Map<TopicPartition, ProducedPartition>>();
    this.outcome = promise;
    this.reject = reject;
    this.#resolve = resolve;
  }

  opened(): void {
    this.#open += 1;
  }

  /** Others, opened before, stand in for a batch. */
  replaced(): void {
    this.#open -= 1;
  }

  /** The first batch of a partition gives its base offset; the first error of any stays. */
  settled(key: TopicPartition, { baseOffset, bytes, error }: ProducedPartition): void {
    const known = this.#produced.get(key);
    const failure = known?.error ?? error;
    this.#produced.set(key, {
      baseOffset: known?.baseOffset ?? baseOffset,
      bytes: (known?.bytes ?? 0) + bytes,
      ...(failure ? { error: failure } : {}),
    });
    this.#open -= 1;
    if (this.#open === 0) this.#resolve(this.#produced);
  }
}

export interface BatchSource {
  readonly send: Send;
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly ProduceRecord[];
  readonly compression: CompressionType;
  readonly compressionLevel: number | undefined;
  readonly maxBatchBytes: number;
  readonly buffers: BatchBuffers;
  /** Milliseconds, for records without a timestamp. */
  readonly now: number;
}

/** Who the broker thinks we are: from InitProducerId. `expired`: it no longer follows our sequences. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Its batches belong to a transaction. */
  readonly transactional: boolean;
  expired: boolean;
}

/** Where a batch stands among all records its producer sent to the partition: its sequence, before it wraps. */
export interface SequencePlace {
  readonly identity: ProducerIdentity;
  readonly position: number;
}

/** `source.records[from, from + count)`, encoded. */
interface EncodedStretch {
  readonly from: number;
  readonly count: number;
  /** Bytes of the records before compression. */
  readonly size: number;
  readonly bytes: Buffer;
  /** The buffer they lie in, which the batch gives back. */
  readonly room?: Buffer;
}

/** Encoded records of one partition on their way, with what a retry needs to know of them. */
export class OutgoingBatch {
  readonly source: BatchSource;
  readonly bytes: Buffer;
  readonly count: number;
  readonly #from: number;
  readonly #size: number;
  /** Undefined until it is first sent. */
  place: SequencePlace | undefined;
  #settled = false;
  /** Where `bytes` lie, until they are no longer needed. */
  #room: Buffer | undefined;

  constructor(source: BatchSource, { from, count, size, bytes, room }: EncodedStretch) {
    this.source = source;
    this.#size = size;
    this.#room = room;
    this.bytes = bytes;
    this.count = count;
    this.#from = from;
    source.send.opened();
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** The end of it, for its sender: what comes after has no effect. */
  settle(baseOffset: bigint, error?: KafkaError): void {
    if (this.#settled) return;
    this.#settled = true;
    const { send, topic, partition } = this.source;
    const outcome = error === undefined ? { baseOffset, bytes: this.#size } : { baseOffset, bytes: 0, error };
    send.settled(topicPartition(topic, partition), outcome);
  }

  /** The broker has answered that it has the batch: nobody reads the bytes again, and the next batch may have their room. */
  recycle(): void {
    if (this.#room !== undefined) this.source.buffers.give(this.#room);
    this.#room = undefined;
  }

  /** Two batches in place of this one, for a topic that takes only smaller ones. */
  split(): OutgoingBatch[] {
    const middle = this.#from + Math.ceil(this.count / 2);
    const halves = [
      ...buildBatches(this.source, this.#from, middle),
      ...buildBatches(this.source, middle, this.#from + this.count),
    ];
    this.#settled = true;
    this.source.send.replaced();
    return halves;
  }
}

/** Encodes `source.records[from, to)` into as few batches as the size limit allows. */
export function buildBatches(
  source: BatchSource,
  from = 0,
  to: number = source.records.length,
): OutgoingBatch[] {
  const { records, compression, compressionLevel, maxBatchBytes, now, buffers } = source;
  const batches: OutgoingBatch[] = [];
  let left = 0;
  for (let index = from; index < to; index++) left += sizeAt(records, index);
  for (let start = from; start < to; ) {
    const capacity = batchLayout.records + Math.max(sizeAt(records, start), Math.min(left, maxBatchBytes));
    const room = buffers.take(capacity);
    const builder = new BatchBuilder(room.subarray(0, capacity));
    let end = start;
    for (; end < to; end++) {
      const record = records[end];
      if (!record || !builder.append(record, record.timestamp ?? now)) break;
      left -= sizeAt(records, end);
    }
    const { size } = builder;
    const stretch = {
      from: start,
      count: end - start,
      size,
      bytes: builder.finish(compression, compressionLevel),
    };
    if (compression !== 'none') buffers.give(room);
    batches.push(new OutgoingBatch(source, compression === 'none' ? { ...stretch, room } : stretch));
    start = end;
  }
  return batches;
}

function sizeAt(records: readonly ProduceRecord[], index: number): number {
  const record = records[index];
  return record ? maxSizeOfRecord(record) : 0;
}
