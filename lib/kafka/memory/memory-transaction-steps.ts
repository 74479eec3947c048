import type { TopicPartition } from '../../api/topic-partition.ts';
import { errorOf } from '../error-codes.ts';
import { closedError, KafkaError } from '../kafka-error.ts';
import type { TransactionSteps } from '../open-transaction.ts';
import type { CallOptions, ProducedPartition, ProduceRecord, ProducerEpoch } from '../ports.ts';
import { TransactionError } from '../transaction-error.ts';
import { appendBatches } from './append-batches.ts';
import type { MemoryClient } from './memory-client.ts';
import type { MemoryKafka } from './memory-kafka.ts';
import type { MemoryIdentity } from './memory-transactions.ts';

const ok = 0;

/** The transactions of one producer object of a MemoryKafka. */
export class MemoryTransactionSteps implements TransactionSteps {
  readonly #kafka: MemoryKafka;
  readonly #client: MemoryClient;
  readonly #transactionalId: string;
  readonly #timeoutMs: number;
  #identity: MemoryIdentity | undefined;
  #open = false;
  #closed = false;
  inDoubt = false;

  constructor(kafka: MemoryKafka, client: MemoryClient, transactionalId: string, timeoutMs: number) {
    this.#kafka = kafka;
    this.#client = client;
    this.#transactionalId = transactionalId;
    this.#timeoutMs = timeoutMs;
  }

  async init(call: CallOptions): Promise<ProducerEpoch> {
    const answer = await this.#client.perform('initTransactions', call, () =>
      this.#kafka.transactions.init(this.#transactionalId, this.#timeoutMs),
    );
    if (typeof answer === 'number') throw errorOf(answer);
    this.#identity = answer;
    return { producerId: answer.producerId, epoch: answer.epoch };
  }

  async send(
    records: readonly ProduceRecord[],
    call: CallOptions,
  ): Promise<Map<TopicPartition, ProducedPartition>> {
    call.signal?.throwIfAborted();
    if (this.#closed) throw closedError('producer');
    try {
      const produced = await this.#client.perform('produce', call, () =>
        appendBatches(this.#kafka, records, this.#identity),
      );
      this.#open ||= [...produced.values()].some(({ error }) => error === undefined);
      return produced;
    } catch (error) {
      this.inDoubt = true;
      throw error;
    }
  }

  /** An empty transaction is no request, as with a broker. */
  async end(committed: boolean, call: CallOptions): Promise<void> {
    const identity = this.#identity;
    if (!this.#open || !identity) return;
    const code = await this.#ended(committed, call, () =>
      this.#kafka.transactions.end(identity, committed ? 'committed' : 'aborted'),
    );
    if (code !== ok) throw errorOf(code);
    this.#open = false;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async #ended(committed: boolean, call: CallOptions, end: () => number): Promise<number> {
    try {
      return await this.#client.perform(committed ? 'commitTransaction' : 'abortTransaction', call, end);
    } catch (error) {
      if (!committed || !(error instanceof KafkaError)) throw error;
      const message = `Whether a transaction of ${this.#transactionalId} is committed is not known: ${error.message}`;
      throw new TransactionError('OUTCOME_UNKNOWN', message, error);
    }
  }
}
