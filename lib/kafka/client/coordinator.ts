import { errorOf } from '../error-codes.ts';
import { KafkaError } from '../kafka-error.ts';
import type { CallOptions } from '../ports.ts';
import type { Api } from '../protocol/api.ts';
import { coordinatorTypes, findCoordinatorApi } from '../protocol/transaction-apis.ts';
import type { BrokerAddress } from './broker-address.ts';
import type { BrokerConnection } from './broker-connection.ts';
import { withRetries } from './retry.ts';
import type { AdminContext } from './topics-admin.ts';
import { within } from './within.ts';

/** Refusals that tell nothing about where the coordinator is: too early, that is all. */
const tooEarly = new Set(['CONCURRENT_TRANSACTIONS', 'COORDINATOR_LOAD_IN_PROGRESS']);

export const isTooEarly = ({ kafkaName }: KafkaError): boolean => tooEarly.has(kafkaName);

/** The broker that coordinates one group or one transactional id. It moves, and is then looked up again. */
export class Coordinator {
  readonly #admin: AdminContext;
  readonly #type: keyof typeof coordinatorTypes;
  readonly #key: string;
  #address: BrokerAddress | undefined;

  constructor(admin: AdminContext, type: keyof typeof coordinatorTypes, key: string) {
    this.#admin = admin;
    this.#type = type;
    this.#key = key;
  }

  /** Runs `attempt` until it succeeds, fails for good, or the call ends. */
  retried<T>(call: CallOptions, attempt: () => Promise<T>): Promise<T> {
    return withRetries(this.#admin.context, call, async () => {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof KafkaError) || !isTooEarly(error)) this.#address = undefined;
        throw error;
      }
    });
  }

  /** One request, not retried; throws KafkaError for failures of the connection only. */
  async ask<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    call: CallOptions,
  ): Promise<Response> {
    const connection = await this.connection(call);
    return within(connection.request(api, request), call, this.#admin.context.clock);
  }

  async connection(call: CallOptions): Promise<BrokerConnection> {
    this.#address ??= await this.#find(call);
    return this.#admin.cluster.connectionAt(this.#address, 'requests', call);
  }

  async #find(call: CallOptions): Promise<BrokerAddress> {
    const { cluster, context } = this.#admin;
    const connection = await cluster.anyConnection(call);
    const request = { key: this.#key, type: coordinatorTypes[this.#type] };
    const answer = await within(connection.request(findCoordinatorApi, request), call, context.clock);
    const { errorCode, errorMessage: detail, host, port } = answer;
    if (errorCode !== 0) throw errorOf(errorCode, { detail });
    return { host, port };
  }
}
