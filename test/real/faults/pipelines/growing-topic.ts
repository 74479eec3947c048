import { systemClock } from '../../../../lib/foundation/clock.ts';
import { deadlineIn } from '../../../../lib/foundation/deadline.ts';
import { isOutage } from '../../../../lib/errors/outage.ts';
import type { KafkaClient, KafkaProducer } from '../../../../lib/kafka/ports.ts';
import { topicPartition } from '../../../../lib/api/topic-partition.ts';

const recordsAtOnce = 40;
const sendMs = 20_000;

/**
 * A topic that grows while its broker is killed. What was not acknowledged is not sent again: it may be there or not,
 * but what is there is there once, in order.
 */
export class GrowingTopic {
  readonly #kafka: KafkaClient;
  readonly #topic: string;
  readonly #partitions: number;
  #producer: KafkaProducer;
  /** Sequence numbers given out, the same for each partition. */
  #sent = 0;
  /** First numbers of the sends that were acknowledged, by partition. */
  readonly #acknowledged: number[][];

  constructor(kafka: KafkaClient, topic: string, partitions: number) {
    this.#kafka = kafka;
    this.#topic = topic;
    this.#partitions = partitions;
    this.#producer = kafka.producer({});
    this.#acknowledged = Array.from({ length: partitions }, () => []);
  }

  async grow(): Promise<void> {
    const first = this.#sent + 1;
    this.#sent += recordsAtOnce;
    const records = this.#acknowledged.flatMap((_, partition) =>
      Array.from({ length: recordsAtOnce }, (__, n) => ({
        topic: this.#topic,
        partition,
        key: null,
        value: textOf(partition, first + n),
        timestamp: null,
      })),
    );
    try {
      const answer = await this.#producer.send(records, { deadline: deadlineIn(sendMs, systemClock) });
      let failed = false;
      for (const [partition, starts] of this.#acknowledged.entries()) {
        const { error } = answer.get(topicPartition(this.#topic, partition)) ?? {};
        if (error === undefined) starts.push(first);
        else if (isOutage(error)) failed = true;
        else throw error;
      }
      if (failed) await this.#beginAnew();
    } catch (error) {
      if (!isOutage(error)) throw error;
      await this.#beginAnew();
    }
  }

  /** Numbers of the partition Kafka has acknowledged. */
  acknowledged(partition: number): number[] {
    return (this.#acknowledged[partition] ?? []).flatMap((first) =>
      Array.from({ length: recordsAtOnce }, (_, n) => first + n),
    );
  }

  get partitions(): number {
    return this.#partitions;
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }

  async #beginAnew(): Promise<void> {
    await this.#producer.close();
    this.#producer = this.#kafka.producer({});
  }
}

/** `partition:sequence`. */
export const textOf = (partition: number, number: number): string => `${partition}:${number}`;

/** NaN for what is of another partition. */
export function numberOf(text: string, partition: number): number {
  const [of, number] = text.split(':');
  return of === String(partition) ? Number(number) : Number.NaN;
}
