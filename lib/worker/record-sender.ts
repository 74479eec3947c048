import { ConnectError } from '../api/errors.ts';
import type { RecordMetadata } from '../api/source.ts';
import { topicPartition, type TopicPartition } from '../api/topic-partition.ts';
import type { CallOptions, KafkaProducer, ProducedPartition, ProduceRecord } from '../kafka/ports.ts';
import { tooLarge } from './record-size.ts';

export interface SenderOptions {
  readonly producer: KafkaProducer;
  /** `producer.override.max.request.size`, bytes. */
  readonly maxRequestSize: number;
  /** `errors.tolerance=all`: what follows a refused record is sent all the same. */
  readonly tolerant: boolean;
}

/** What became of one record: its place in Kafka, why Kafka refused it, or undefined where it was not tried. */
export type Outcome = RecordMetadata | ConnectError | undefined;

export interface Sent {
  /** Every record is in Kafka: outcomes need not be looked at. */
  readonly complete: boolean;
  /** One a record; worked out when first asked for. */
  outcomes(): readonly Outcome[];
  /** Of the records in Kafka, as they stand there before compression. */
  readonly bytes: number;
}

type Answer = ReadonlyMap<TopicPartition, ProducedPartition>;

const tooLargeCodes: ReadonlySet<number> = new Set([10, 18]);
/**
 * Kafka's errors that blame the record: MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_TIMESTAMP, INVALID_RECORD.
 * Any other is about the topic, the permissions or the cluster, and would befall every record: it is never tolerated.
 */
const recordCodes: ReadonlySet<number> = new Set([...tooLargeCodes, 32, 87]);

/** Sends batches, and finds which of their records Kafka refuses for good. */
export class RecordSender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Records that are too large to be sent at all, by their index: known without asking Kafka. */
  refusals(records: readonly ProduceRecord[]): ReadonlyMap<number, ConnectError> {
    const refusals = new Map<number, ConnectError>();
    for (let i = 0; i < records.length; i++) {
      const error = tooLarge(records[i] as ProduceRecord, this.#options.maxRequestSize);
      if (error !== undefined) refusals.set(i, error);
    }
    return refusals;
  }

  /**
   * Sends all but the refused ones; without tolerance only what comes before the first of them. Throws what is not
   * the fault of a record: then nothing is known to have arrived.
   */
  async send(
    records: readonly ProduceRecord[],
    refusals: ReadonlyMap<number, ConnectError>,
    call: CallOptions,
  ): Promise<Sent> {
    if (refusals.size > 0) return this.#sendWhatFits(records, refusals, call);
    if (records.length === 0) return inKafka(records, new Map());
    const answer = await this.#options.producer.send(records, call);
    const blamed = partitionsAtFault(answer);
    return blamed.size === 0 ? inKafka(records, answer) : this.#oneByOne(records, answer, { blamed, call });
  }

  async #sendWhatFits(
    records: readonly ProduceRecord[],
    refusals: ReadonlyMap<number, ConnectError>,
    call: CallOptions,
  ): Promise<Sent> {
    const [first = 0] = refusals.keys();
    const tried = this.#options.tolerant ? records.length : first + 1;
    const fitting = records.filter((_, i) => i < tried && !refusals.has(i));
    const sent = await this.send(fitting, new Map(), call);
    const rest = sent.outcomes()[Symbol.iterator]();
    const outcomes = records.slice(0, tried).map((_, i) => refusals.get(i) ?? (rest.next().value as Outcome));
    return partly(outcomes, sent.bytes);
  }

  /**
   * A broker refuses a batch whole: the records of such a partition are sent again one by one. What another batch of
   * the same send had already brought in comes twice, as at-least-once delivery allows.
   */
  async #oneByOne(
    records: readonly ProduceRecord[],
    answer: Answer,
    { blamed, call }: { readonly blamed: ReadonlySet<TopicPartition>; readonly call: CallOptions },
  ): Promise<Sent> {
    const outcomes: Outcome[] = [...placesOf(records, answer)];
    let bytes = bytesOf(answer);
    for (const [i, record] of records.entries()) {
      const partition = topicPartition(record.topic, record.partition);
      if (!blamed.has(partition)) continue;
      const again = await this.#options.producer.send([record], call);
      const refused = partitionsAtFault(again).size > 0;
      bytes += bytesOf(again);
      outcomes[i] = refused ? refusal(again.get(partition)?.error) : placesOf([record], again)[0];
      if (refused && !this.#options.tolerant) {
        for (const [j, { topic, partition: other }] of records.entries()) {
          if (j > i && blamed.has(topicPartition(topic, other))) outcomes[j] = undefined;
        }
        break;
      }
    }
    return partly(outcomes, bytes);
  }
}

const inKafka = (records: readonly ProduceRecord[], answer: Answer): Sent => ({
  complete: true,
  outcomes: () => placesOf(records, answer),
  bytes: bytesOf(answer),
});

const partly = (outcomes: readonly Outcome[], bytes: number): Sent => ({
  complete: false,
  outcomes: () => outcomes,
  bytes,
});

function bytesOf(answer: Answer): number {
  let sum = 0;
  for (const { bytes } of answer.values()) sum += bytes;
  return sum;
}

/** Partitions whose batch was refused because of a record in it; any other error is thrown. */
function partitionsAtFault(answer: Answer): ReadonlySet<TopicPartition> {
  const blamed = new Set<TopicPartition>();
  for (const [partition, { error }] of answer) {
    if (error === undefined) continue;
    if (!recordCodes.has(error.kafkaCode)) throw error;
    blamed.add(partition);
  }
  return blamed;
}

function refusal(error: ProducedPartition['error']): ConnectError {
  if (error === undefined || !tooLargeCodes.has(error.kafkaCode))
    return error ?? new ConnectError('Kafka refused the record');
  return new ConnectError(error.message, {
    code: 'RECORD_TOO_LARGE',
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

/** Offsets of one partition in one send follow each other without gaps. */
export function placesOf(records: readonly ProduceRecord[], answer: Answer): Outcome[] {
  const next = new Map<TopicPartition, bigint>();
  return records.map(({ topic, partition }) => {
    const id = topicPartition(topic, partition);
    const offset = next.get(id) ?? answer.get(id)?.baseOffset;
    if (offset === undefined) throw new ConnectError(`Kafka did not answer for ${id}`, { retriable: true });
    next.set(id, offset + 1n);
    return { topic, partition, offset };
  });
}
