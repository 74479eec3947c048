import { topicPartition } from '../../api/topic-partition.ts';
import type { Isolation, KafkaClient, Transaction, TransactionalProducer } from '../../kafka/ports.ts';
import { type KafkaProbe, recordFor, requestFor, textsOf } from './kafka-probe.ts';

/** A transaction that stays open until it is told to end. */
export interface HeldTransaction {
  readonly transaction: Transaction;
  /** Resolves, or rejects, as `run` does. */
  commit(): Promise<void>;
  /** Resolves when `run` has thrown what made it abort. */
  abort(): Promise<void>;
}

/** What the tests of transactions do beside what KafkaProbe does. */
export class TransactionalProbe {
  readonly #probe: KafkaProbe;

  constructor(probe: KafkaProbe) {
    this.#probe = probe;
  }

  /** Initialised. `client`: another than the probe's. */
  async producer(
    id: string,
    { timeoutMs = 60_000, client = this.#probe.client }: { timeoutMs?: number; client?: KafkaClient } = {},
  ): Promise<TransactionalProducer> {
    const producer = client.transactional(id, { timeoutMs });
    await producer.init(this.#probe.call());
    return producer;
  }

  /** One transaction of these values on partition 0. */
  commit(producer: TransactionalProducer, topic: string, ...values: string[]): Promise<void> {
    return producer.run((transaction) => this.send(transaction, topic, ...values), this.#probe.call());
  }

  /** Sends on partition 0, and throws where a record is refused. */
  async send(transaction: Transaction, topic: string, ...values: string[]): Promise<void> {
    const records = values.map((value) => recordFor(topic, value));
    const produced = await transaction.send(records, this.#probe.call());
    for (const { error } of produced.values()) if (error) throw error;
  }

  async hold(producer: TransactionalProducer): Promise<HeldTransaction> {
    const begun = Promise.withResolvers<Transaction>();
    const end = Promise.withResolvers<void>();
    const run = producer.run(async (transaction) => {
      begun.resolve(transaction);
      await end.promise;
    }, this.#probe.call());
    run.catch(begun.reject);
    return {
      transaction: await begun.promise,
      commit: () => {
        end.resolve();
        return run;
      },
      abort: async () => {
        const reason = new Error('the test aborts');
        end.reject(reason);
        const thrown: unknown = await run.then(
          () => undefined,
          (error: unknown) => error,
        );
        if (thrown !== reason) throw thrown;
      },
    };
  }

  /** Values of partition 0, or another, to the end of what may be read. */
  async read(
    topic: string,
    { partition = 0, isolation = 'read_committed' }: { partition?: number; isolation?: Isolation } = {},
  ): Promise<(string | null)[]> {
    const values: (string | null)[] = [];
    for (let offset = 0n; ; ) {
      const request = requestFor([{ topic, partition, offset }], { isolation, maxWaitMs: 50 });
      const fetched = await this.#probe.client.fetch(request, this.#probe.call());
      const answer = fetched.get(topicPartition(topic, partition));
      if (answer?.error) throw answer.error;
      values.push(...textsOf(answer?.records ?? []));
      offset = answer?.nextOffset ?? offset;
      const end = isolation === 'read_committed' ? answer?.lastStableOffset : answer?.highWatermark;
      if (end !== undefined && offset >= end) return values;
    }
  }

  /** Last stable offset and high watermark of partition 0. */
  async watermarks(topic: string): Promise<{ lastStableOffset: bigint; highWatermark: bigint }> {
    const { lastStableOffset, highWatermark } = await this.#probe.fetchAt(topic, 0n, { maxWaitMs: 50 });
    return { lastStableOffset, highWatermark };
  }
}
