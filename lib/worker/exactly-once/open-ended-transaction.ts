import type {
  CallOptions,
  ProducedPartition,
  ProduceRecord,
  Transaction,
  TransactionalProducer,
} from '../../kafka/ports.ts';
import type { TopicPartition } from '../../api/topic-partition.ts';

/** Why a transaction is aborted on purpose: thrown inside the port's `run`, and caught here again. */
class Abort extends Error {}

/** A transaction that stays open over several polls, until it is told to end. */
export class OpenEndedTransaction {
  readonly #transaction: Transaction;
  readonly #run: Promise<void>;
  readonly #end: PromiseWithResolvers<void>;

  private constructor(transaction: Transaction, run: Promise<void>, end: PromiseWithResolvers<void>) {
    this.#transaction = transaction;
    this.#run = run;
    this.#end = end;
  }

  /** `call` bounds its commit or abort. */
  static async begin(producer: TransactionalProducer, call: CallOptions): Promise<OpenEndedTransaction> {
    const begun = Promise.withResolvers<Transaction>();
    const end = Promise.withResolvers<void>();
    const run = producer.run((transaction) => {
      begun.resolve(transaction);
      return end.promise;
    }, call);
    run.catch(begun.reject);
    return new OpenEndedTransaction(await begun.promise, run, end);
  }

  send(
    records: readonly ProduceRecord[],
    call: CallOptions,
  ): Promise<Map<TopicPartition, ProducedPartition>> {
    return this.#transaction.send(records, call);
  }

  /** Throws as the port's `run`. */
  commit(): Promise<void> {
    this.#end.resolve();
    return this.#run;
  }

  /** Throws when the abort was not confirmed. */
  async abort(): Promise<void> {
    const reason = new Abort('The transaction was aborted');
    this.#end.reject(reason);
    try {
      await this.#run;
    } catch (error) {
      if (error !== reason) throw error;
    }
  }
}
