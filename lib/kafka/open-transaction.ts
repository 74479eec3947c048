import { ConnectError } from '../api/errors.ts';
import type { TopicPartition } from '../api/topic-partition.ts';
import type { CallOptions, ProducedPartition, ProduceRecord, ProducerEpoch, Transaction } from './ports.ts';
import { sendFailure, TransactionError } from './transaction-error.ts';

type Produced = Map<TopicPartition, ProducedPartition>;

/** What an adapter does for a transactional producer; each call comes after the one before has ended. */
export interface TransactionSteps {
  /** Fences and ends what came before. Throws KafkaError. */
  init(call: CallOptions): Promise<ProducerEpoch>;
  /** As KafkaProducer.send; several may be under way. */
  send(records: readonly ProduceRecord[], call: CallOptions): Promise<Produced>;
  /**
   * Commits or aborts what was sent; does nothing where nothing was. Throws KafkaError, and TransactionError with
   * OUTCOME_UNKNOWN for a commit that may have taken effect.
   */
  end(committed: boolean, call: CallOptions): Promise<void>;
  /** A batch was sent and given up on without an answer. */
  readonly inDoubt: boolean;
  close(): Promise<void>;
}

/** One transaction from its begin until its work and all its sends are done. */
export class OpenTransaction {
  readonly #steps: TransactionSteps;
  readonly #sends = new Set<Promise<unknown>>();
  #failure: TransactionError | undefined;
  #ended = false;

  constructor(steps: TransactionSteps) {
    this.#steps = steps;
  }

  /** Why it cannot be committed: of several reasons one that spends the producer. */
  get failure(): TransactionError | undefined {
    return this.#failure;
  }

  /** Waits for the work and for sends that it did not wait for itself; throws what the work throws. */
  async run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    try {
      return await work({ send: (records, call) => this.#tracked(records, call) });
    } finally {
      this.#ended = true;
      await Promise.all(this.#sends);
    }
  }

  #tracked(records: readonly ProduceRecord[], call: CallOptions): Promise<Produced> {
    const send = this.#send(records, call);
    this.#sends.add(Promise.allSettled([send]));
    return send;
  }

  async #send(records: readonly ProduceRecord[], call: CallOptions): Promise<Produced> {
    if (this.#ended) throw new ConnectError('Bug: a send in a transaction that has ended');
    if (this.#failure?.spent) throw this.#failure;
    const produced = await this.#attempt(records, call);
    for (const { error } of produced.values()) if (error) this.#doom(error);
    if (this.#failure?.spent) throw this.#failure;
    return produced;
  }

  async #attempt(records: readonly ProduceRecord[], call: CallOptions): Promise<Produced> {
    try {
      return await this.#steps.send(records, call);
    } catch (error) {
      this.#doom(error);
      throw this.#failure?.spent && this.#failure.cause === error && !call.signal?.aborted
        ? this.#failure
        : error;
    }
  }

  #doom(error: unknown): void {
    const failure = sendFailure(error, this.#steps.inDoubt);
    const reason = error instanceof Error ? error.message : String(error);
    const doom = new TransactionError(failure, `A send in a transaction failed: ${reason}`, error);
    if (!this.#failure || (doom.spent && !this.#failure.spent)) this.#failure = doom;
  }
}
