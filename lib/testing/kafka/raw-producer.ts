import { systemClock } from '../../foundation/clock.ts';
import { deadlineIn } from '../../foundation/deadline.ts';
import { silentLogger } from '../../foundation/logger.ts';
import { systemRandom } from '../../foundation/random.ts';
import { errorOf } from '../../kafka/error-codes.ts';
import type { ClientContext } from '../../kafka/client/client-context.ts';
import { Cluster } from '../../kafka/client/cluster.ts';
import { withRetries } from '../../kafka/client/retry.ts';
import type { Api } from '../../kafka/protocol/api.ts';
import { produceApi } from '../../kafka/protocol/record-apis.ts';
import {
  addPartitionsToTxnApi,
  endTxnApi,
  findCoordinatorApi,
  initProducerIdApi,
} from '../../kafka/protocol/transaction-apis.ts';
import { BatchBuilder, stampProducer } from '../../kafka/record-batch/batch-builder.ts';

/**
 * A producer that does each step of the protocol when told, so that a test can interleave transactions, send a
 * batch twice or leave a transaction open. One topic partition, one broker.
 */
export class RawProducer implements AsyncDisposable {
  readonly #context: ClientContext;
  readonly #cluster: Cluster;
  readonly #transactionalId: string | null;
  readonly #topic: string;
  #producerId = -1n;
  #epoch = -1;
  #sequence = 0;

  constructor(bootstrapServers: string, topic: string, transactionalId: string | null) {
    const options = { bootstrapServers: [bootstrapServers], clientId: 'raw' };
    this.#context = { options, clock: systemClock, random: systemRandom, log: silentLogger };
    this.#cluster = new Cluster(this.#context);
    this.#topic = topic;
    this.#transactionalId = transactionalId;
  }

  get producerId(): bigint {
    return this.#producerId;
  }

  async init(transactionTimeoutMs = 60_000): Promise<void> {
    const transactionalId = this.#transactionalId;
    if (transactionalId !== null) {
      await this.#request(
        findCoordinatorApi,
        { key: transactionalId, type: 1 },
        ({ errorCode }) => errorCode,
      );
    }
    const answer = await this.#request(
      initProducerIdApi,
      { transactionalId, transactionTimeoutMs },
      ({ errorCode }) => errorCode,
    );
    this.#producerId = answer.producerId;
    this.#epoch = answer.producerEpoch;
    this.#sequence = 0;
  }

  async begin(): Promise<void> {
    const topics = [{ topic: this.#topic, partitions: [0] }];
    await this.#request(addPartitionsToTxnApi, { ...this.#identity(), topics }, (answer) =>
      firstError(answer.topics),
    );
  }

  /** Appends one batch and answers its base offset; throws KafkaError. `again`: the last sequence once more. */
  async append(
    values: readonly string[],
    { key = null, again = false }: { key?: Uint8Array | null; again?: boolean } = {},
  ): Promise<bigint> {
    const builder = new BatchBuilder(Buffer.allocUnsafe(1_000_000));
    for (const value of values) builder.append({ key, value: Buffer.from(value) }, this.#context.clock.now());
    const bytes = builder.finish('none');
    const baseSequence = again ? this.#sequence - values.length : this.#sequence;
    stampProducer(
      bytes,
      { producerId: this.#producerId, producerEpoch: this.#epoch, baseSequence },
      this.#transactionalId !== null,
    );
    const request = {
      transactionalId: this.#transactionalId,
      acks: -1,
      timeoutMs: 5_000,
      topics: [{ topic: this.#topic, partitions: [{ partition: 0, batches: [bytes] }] }],
    };
    const answer = await this.#request(produceApi, request, ({ topics }) => firstError(topics));
    if (!again) this.#sequence += values.length;
    return answer.topics[0]?.partitions[0]?.baseOffset ?? -1n;
  }

  async end(committed: boolean): Promise<void> {
    await this.#request(endTxnApi, { ...this.#identity(), committed }, ({ errorCode }) => errorCode);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cluster.close();
  }

  #identity() {
    return {
      transactionalId: this.#transactionalId ?? '',
      producerId: this.#producerId,
      producerEpoch: this.#epoch,
    };
  }

  async #request<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    errorCodeOf: (answer: Response) => number,
  ): Promise<Response> {
    const call = { deadline: deadlineIn(20_000, this.#context.clock) };
    return withRetries(this.#context, call, async () => {
      const connection = await this.#cluster.anyConnection(call);
      const answer = await connection.request(api, request);
      const errorCode = errorCodeOf(answer);
      if (errorCode !== 0) throw errorOf(errorCode);
      return answer;
    });
  }
}

function firstError(
  topics: readonly { readonly partitions: readonly { readonly errorCode: number }[] }[],
): number {
  return topics[0]?.partitions[0]?.errorCode ?? 0;
}
