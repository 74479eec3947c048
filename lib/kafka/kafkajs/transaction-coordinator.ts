import { errorOf } from '../error-codes.ts';
import { KafkaError } from '../kafka-error.ts';
import type { CallOptions } from '../ports.ts';
import type { Api } from '../protocol/api.ts';
import {
  addPartitionsToTxnApi,
  coordinatorTypes,
  endTxnApi,
  findCoordinatorApi,
  initProducerIdApi,
} from '../protocol/transaction-apis.ts';
import { TransactionError } from '../transaction-error.ts';
import type { BrokerAddress, BrokerConnection } from './broker-connection.ts';
import { byTopic } from './group-by-leader.ts';
import type { ProducerIdentity } from './outgoing-batch.ts';
import { withRetries } from './retry.ts';
import type { AdminContext } from './topics-admin.ts';
import { within } from './within.ts';

const codes = { ok: 0, notAttempted: 55 } as const;
/** Refusals before anything was done. Any other failure of EndTxn leaves open whether it takes effect. */
const refused = new Set(['CONCURRENT_TRANSACTIONS', 'COORDINATOR_LOAD_IN_PROGRESS']);

/**
 * Requests to the broker that coordinates one transactional id. Retried until the call ends where the answer says
 * that it was too early or the wrong broker; the coordinator moves, and is then looked up again.
 */
export class TransactionCoordinator {
  readonly #admin: AdminContext;
  readonly #transactionalId: string;
  #address: BrokerAddress | undefined;

  constructor(admin: AdminContext, transactionalId: string) {
    this.#admin = admin;
    this.#transactionalId = transactionalId;
  }

  initProducerId(transactionTimeoutMs: number, call: CallOptions): Promise<ProducerIdentity> {
    const request = { transactionalId: this.#transactionalId, transactionTimeoutMs };
    return this.#retried(call, async () => {
      const { errorCode, producerId, producerEpoch } = await this.#ask(initProducerIdApi, request, call);
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
    return this.#retried(call, async () => {
      const answer = await this.#ask(addPartitionsToTxnApi, request, call);
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
      await this.#retried(call, async () => {
        const connection = await this.#connection(call);
        const { clock } = this.#admin.context;
        const asked = within(connection.request(endTxnApi, request), call, clock);
        const { errorCode } = await (committed ? asked.catch((error) => this.#unanswered(error)) : asked);
        if (errorCode === codes.ok) return;
        const error = errorOf(errorCode);
        unclear ||= error.retriable && !refused.has(error.kafkaName);
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

  async #ask<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    call: CallOptions,
  ): Promise<Response> {
    const connection = await this.#connection(call);
    return within(connection.request(api, request), call, this.#admin.context.clock);
  }

  #retried<T>(call: CallOptions, attempt: () => Promise<T>): Promise<T> {
    return withRetries(this.#admin.context, call, async () => {
      try {
        return await attempt();
      } catch (error) {
        // Whatever else went wrong, it may have moved.
        if (!(error instanceof KafkaError) || !refused.has(error.kafkaName)) this.#address = undefined;
        throw error;
      }
    });
  }

  async #connection(call: CallOptions): Promise<BrokerConnection> {
    this.#address ??= await this.#find(call);
    return this.#admin.cluster.connectionAt(this.#address, 'requests', call);
  }

  async #find(call: CallOptions): Promise<BrokerAddress> {
    const { cluster, context } = this.#admin;
    const connection = await cluster.anyConnection(call);
    const request = { key: this.#transactionalId, type: coordinatorTypes.transaction };
    const answer = await within(connection.request(findCoordinatorApi, request), call, context.clock);
    const { errorCode, errorMessage: detail, host, port } = answer;
    if (errorCode !== codes.ok) throw errorOf(errorCode, { detail });
    return { host, port };
  }
}
