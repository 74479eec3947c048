import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import type { KafkaError } from '../kafka-error.ts';
import { noProducer, stampProducer } from '../record-batch/batch-builder.ts';
import type { OutgoingBatch, ProducerIdentity, Send } from './outgoing-batch.ts';

/** KIP-98: a broker recognises duplicates among the last five batches of a producer. */
const idempotentWindow = 5;
const sequenceModulus = 2 ** 31;

/**
 * The batches of one partition, in order. After a failure nothing more is sent until all that is in flight has come
 * back; then what failed goes first, with the sequence it had, by which the broker knows a duplicate.
 *
 *   waiting ──take──▶ in flight ──▶ settled
 *      ▲                 │
 *      └── (drained) ◀── failed, stopped
 */
export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  #waiting: OutgoingBatch[] = [];
  #inFlight: OutgoingBatch[] = [];
  /** Came back to be sent again; in the order they were sent, since answers of one connection are. */
  #failed: OutgoingBatch[] = [];
  /** Sends that failed for good here: their later batches must not follow a gap. */
  readonly #condemned = new Map<Send, KafkaError>();
  #stopped = false;
  #identity: ProducerIdentity | undefined;
  /** A batch under this identity was appended. */
  #acknowledged = false;
  #nextPosition = 0;
  /** Set when the broker refused a batch for good: those behind it move up in the sequence. */
  #resequenceFrom: number | undefined;
  #lostTrack = false;
  #inDoubt = false;
  /** Monotonic milliseconds before which nothing is sent: the backoff. */
  notBefore = 0;
  attempts = 0;
  /** Monotonic milliseconds of the first of a row of failures, and the last of them. */
  failing: { readonly since: number; readonly error: KafkaError } | undefined;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  get key(): TopicPartition {
    return topicPartition(this.topic, this.partition);
  }

  get idle(): boolean {
    return this.#waiting.length === 0 && this.#inFlight.length === 0;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0 && !this.#stopped;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** A batch with a sequence was abandoned without an answer: it may be appended, or still be on its way. */
  get inDoubt(): boolean {
    return this.#inDoubt;
  }

  /** Bytes of the batch that `take` would give. */
  get nextSize(): number {
    return this.#waiting[0]?.bytes.length ?? 0;
  }

  add(batches: readonly OutgoingBatch[]): void {
    this.#waiting.push(...batches);
  }

  ready(now: number, idempotent: boolean): boolean {
    // Without sequences a second batch in flight could overtake the first one's retry. So it could where the broker
    // has nothing of this producer yet: it takes the first batch that comes with whatever sequence.
    const window = idempotent && this.#acknowledged ? idempotentWindow : 1;
    return this.hasWaiting && now >= this.notBefore && this.#inFlight.length < window;
  }

  /** Puts the first waiting batch in flight, stamped with producer and sequence (none for `undefined`). */
  take(newest: ProducerIdentity | undefined): OutgoingBatch {
    const batch = this.#waiting.shift();
    if (!batch) throw new RangeError('Bug: no batch is waiting');
    this.#inFlight.push(batch);
    if (newest) this.#sequence(batch, newest);
    else stampProducer(batch.bytes, noProducer);
    return batch;
  }

  #sequence(batch: OutgoingBatch, newest: ProducerIdentity): void {
    if (!this.#identity) {
      this.#identity = newest;
      this.#acknowledged = false;
      this.#nextPosition = 0;
    }
    if (batch.place?.identity !== this.#identity) {
      const position = this.#nextPosition;
      const { producerId, producerEpoch, transactional } = this.#identity;
      batch.place = { identity: this.#identity, position };
      const baseSequence = position % sequenceModulus;
      stampProducer(batch.bytes, { producerId, producerEpoch, baseSequence }, transactional);
    }
    this.#nextPosition = Math.max(this.#nextPosition, batch.place.position + batch.count);
  }

  succeeded(batch: OutgoingBatch, baseOffset: bigint): void {
    this.attempts = 0;
    this.failing = undefined;
    this.#acknowledged = batch.place?.identity === this.#identity;
    batch.settle(baseOffset);
    this.#landed(batch);
  }

  /** To be sent again. `lostTrack`: the broker no longer follows our sequence; the next send has a new identity. */
  retry(batch: OutgoingBatch, lostTrack: boolean): void {
    this.#stopped = true;
    this.#lostTrack ||= lostTrack;
    this.#failed.push(batch);
    this.#landed(batch);
  }

  /** Too large for the topic, and not appended: its halves take its place. */
  split(batch: OutgoingBatch): void {
    this.#refused(batch);
    this.#failed.push(...batch.split());
    this.#landed(batch);
  }

  /** Not appended, and never will be; neither is what its send has behind it on this partition. */
  fail(batch: OutgoingBatch, error: KafkaError): void {
    this.#refused(batch);
    this.#condemned.set(batch.source.send, error);
    batch.settle(-1n, error);
    this.#landed(batch);
  }

  /**
   * The caller of `send` gives up waiting: nothing more of it is sent. Absent: every send. Where that leaves a gap in
   * the sequence, the broker refuses the batch behind it, which is then sent under a new identity.
   */
  abandon(send: Send | undefined, error: KafkaError): void {
    const isAbandoned = (batch: OutgoingBatch): boolean => send === undefined || batch.source.send === send;
    for (const batch of [...this.#inFlight, ...this.#failed, ...this.#waiting]) {
      if (!isAbandoned(batch) || batch.settled) continue;
      this.#inDoubt ||= batch.place !== undefined;
      batch.settle(-1n, error);
    }
    this.#waiting = this.#waiting.filter((batch) => !isAbandoned(batch));
  }

  crash(error: unknown): void {
    for (const batch of [...this.#inFlight, ...this.#failed, ...this.#waiting])
      batch.source.send.reject(error);
  }

  #refused(batch: OutgoingBatch): void {
    this.#stopped = true;
    if (batch.place) this.#resequenceFrom = Math.min(this.#resequenceFrom ?? Infinity, batch.place.position);
  }

  #landed(batch: OutgoingBatch): void {
    this.#inFlight = this.#inFlight.filter((other) => other !== batch);
    this.#whenDrained();
  }

  #whenDrained(): void {
    if (!this.#stopped || this.#inFlight.length > 0) return;
    const again = [...this.#failed, ...this.#waiting].filter((batch) => {
      const condemned = this.#condemned.get(batch.source.send);
      if (condemned) batch.settle(-1n, condemned);
      return !batch.settled;
    });
    if (this.#lostTrack && this.#identity) {
      this.#identity.expired = true;
      this.#identity = undefined;
    } else if (this.#resequenceFrom !== undefined) {
      this.#nextPosition = this.#resequenceFrom;
      for (const batch of again)
        if (batch.place && batch.place.position >= this.#resequenceFrom) batch.place = undefined;
    }
    this.#waiting = again;
    this.#failed = [];
    this.#condemned.clear();
    this.#resequenceFrom = undefined;
    this.#lostTrack = false;
    this.#stopped = false;
  }
}
