import { ConnectError } from '../api/errors.ts';
import { closedError, KafkaError } from './kafka-error.ts';
import { errorOf } from './error-codes.ts';
import type { CallOptions, ProducerEpoch, Transaction, TransactionalProducer } from './ports.ts';
import { OpenTransaction, type TransactionSteps } from './open-transaction.ts';
import { coordinationFailure, TransactionError, type TransactionFailure } from './transaction-error.ts';

const requestTimedOut = 7;

/** What every adapter's transactional producer does around its own steps; see the port for what it promises. */
export class TransactionRunner implements TransactionalProducer {
  readonly #steps: TransactionSteps;
  #state: 'new' | 'ready' | 'busy' = 'new';
  /** Why this object is of no use any more. */
  #spent: TransactionError | undefined;

  constructor(steps: TransactionSteps) {
    this.#steps = steps;
  }

  async init(call: CallOptions): Promise<ProducerEpoch> {
    this.#enter('new');
    try {
      call.signal?.throwIfAborted();
      const epoch = await this.#steps.init(call);
      this.#state = 'ready';
      return epoch;
    } catch (error) {
      throw this.#spend(error, 'The transactional producer was not initialised', 'RETRIABLE');
    }
  }

  async run<T>(work: (transaction: Transaction) => Promise<T>, call: CallOptions): Promise<T> {
    this.#enter('ready');
    const open = new OpenTransaction(this.#steps);
    try {
      const result = await this.#complete(open, work, call);
      await this.#commit(call);
      return result;
    } finally {
      this.#state = 'ready';
    }
  }

  async close(): Promise<void> {
    this.#spent ??= new TransactionError('FATAL', 'The Kafka producer was closed', closedError('producer'));
    await this.#steps.close();
  }

  #enter(expected: 'new' | 'ready'): void {
    if (this.#spent) throw this.#spent;
    if (this.#state !== expected)
      throw new ConnectError(
        `Bug: a transactional producer is ${this.#state} where it should be ${expected}`,
      );
    this.#state = 'busy';
  }

  /** The work and all its sends. Throws after the abort, with what the work threw or with what failed. */
  async #complete<T>(
    open: OpenTransaction,
    work: (transaction: Transaction) => Promise<T>,
    call: CallOptions,
  ): Promise<T> {
    try {
      const result = await open.run(work);
      call.signal?.throwIfAborted();
      if (open.failure) throw open.failure;
      return result;
    } catch (error) {
      await this.#abort(open, call);
      // "Aborted, go on" would be wrong where the abort was not confirmed.
      throw error === open.failure && this.#spent ? this.#spent : error;
    }
  }

  /**
   * Only when each batch was answered: one that is still on its way could come after the abort and belong to the next
   * transaction. Otherwise the transaction is left to the next init, whose higher epoch fences that batch (KIP-890).
   */
  async #abort(open: OpenTransaction, { deadline }: CallOptions): Promise<void> {
    if (open.failure?.spent) {
      this.#spent ??= open.failure;
      return;
    }
    try {
      // Not ended by the call's signal: readers would have to wait for the timeout of the transaction.
      await this.#steps.end(false, { deadline });
    } catch (error) {
      this.#spend(error, 'The abort of a transaction was not confirmed', 'RETRIABLE');
    }
  }

  /** Once it is asked for only the deadline ends the wait: an answer that nobody awaits is an unknown outcome. */
  async #commit({ deadline }: CallOptions): Promise<void> {
    try {
      if (deadline.expired) throw errorOf(requestTimedOut);
      await this.#steps.end(true, { deadline });
    } catch (error) {
      throw this.#spend(error, 'A transaction was not committed', 'OUTCOME_UNKNOWN');
    }
  }

  /** Foreign errors (a signal's reason, a bug) are thrown on as they are; the object is then spent as told. */
  #spend(error: unknown, message: string, foreign: TransactionFailure): unknown {
    if (error instanceof TransactionError) {
      this.#spent ??= error;
      return error;
    }
    const failure = error instanceof KafkaError ? coordinationFailure(error) : foreign;
    const reason = error instanceof Error ? error.message : String(error);
    const spent = new TransactionError(failure, `${message}: ${reason}`, error);
    this.#spent ??= spent;
    return error instanceof KafkaError ? spent : error;
  }
}
