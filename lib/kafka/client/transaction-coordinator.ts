import { errorOf } from '../error-codes.ts';
import { KafkaError } from '../kafka-error.ts';
import type { CallOptions } from '../ports.ts';
import { addPartitionsToTxnApi, endTxnApi, initProducerIdApi } from '../protocol/transaction-apis.ts';
import { TransactionError } from '../transaction-error.ts';
import { Coordinator, isTooEarly } from './coordinator.ts';
import { byTopic } from './group-by-leader.ts';
import type { ProducerIdentity } from './outgoing-batch.ts';
import type { AdminContext } from './topics-admin.ts';
import { within } from './within.ts';

const codes = { ok: 0, notAttempted: 55 } as const;

/** Requests about the transactions of one transactional id, retried until the call ends where that is safe. */
export class TransactionCoordinator {
  readonly #admin: AdminContext;
  readonly #transactionalId: string;
  readonly #coordinator: Coordinator;

  constructor(admin: AdminContext, transactionalId: string) {
    this.#admin = admin;
    this.#transactionalId = transactionalId;
    this.#coordinator = new Coordinator(admin, 'transaction', transactionalId);
  }

  initProducerId(transactionTimeoutMs: number, call: CallOptions): Promise<ProducerIdentity> {
    const request = { transactionalId: this.#transactionalId, transactionTimeoutMs };
    return this.#coordinator.retried(call, async () => {
      const answer = await this.#coordinator.ask(initProducerIdApi, request, call);
      const { errorCode, producerId, producerEpoch } = answer;
      if (errorCode !== codes.ok) throw errorOf(errorCode);
      return { producerId, producerEpoch, transactional: true, expired: false };
    });
  }

  addPartitions(
    identity: ProducerIdentity,
    partitions: readonly { topic: string; partition: number }[],
    call: CallOptions,
  ): Promise<void> {
    const request = { ...this.#named(identity), topics: byTopic(partitions, ({ partition }) => partition) };
    return this.#coordinator.retried(call, async () => {
      const answer = await this.#coordinator.ask(addPartitionsToTxnApi, request, call);
      const failed = answer.topics.flatMap(({ topic, partitions: ofTopic }) =>
        ofTopic
          .filter(({ errorCode }) => errorCode !== codes.ok)
          .map(({ partition, errorCode }) => ({ topic, partition, errorCode })),
      );
      // The others are not attempted because of the one that failed.
      const cause = failed.find(({ errorCode }) => errorCode !== codes.notAttempted) ?? failed[0];
      if (cause) throw errorOf(cause.errorCode, cause);
    });
  }

  /**
   * Throws TransactionError with OUTCOME_UNKNOWN for a commit that was sent and may take effect. That one is not sent
   * again: a refusal of the second request would not tell what became of the first. An abort may be repeated.
   */
  async end(identity: ProducerIdentity, committed: boolean, call: CallOptions): Promise<void> {
    const request = { ...this.#named(identity), committed };
    let unclear = false;
    try {
      await this.#coordinator.retried(call, async () => {
        const connection = await this.#coordinator.connection(call);
        const asked = within(connection.request(endTxnApi, request), call, this.#admin.context.clock);
        const { errorCode } = await (committed ? asked.catch((error) => this.#unanswered(error)) : asked);
        if (errorCode === codes.ok) return;
        const error = errorOf(errorCode);
        // A coordinator that loses its log in the middle answers as if it had never been one.
        unclear ||= error.retriable && !isTooEarly(error);
        throw error;
      });
    } catch (error) {
      if (committed && unclear) this.#unanswered(error);
      throw error;
    }
  }

  #unanswered(error: unknown): never {
    if (!(error instanceof KafkaError) || error instanceof TransactionError) throw error;
    const message = `Whether a transaction of ${this.#transactionalId} is committed is not known: ${error.message}`;
    throw new TransactionError('OUTCOME_UNKNOWN', message, error);
  }

  #named({ producerId, producerEpoch }: ProducerIdentity) {
    return { transactionalId: this.#transactionalId, producerId, producerEpoch };
  }
}
