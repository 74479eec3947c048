import { topicPartition, type TopicPartition } from '../../api/topic-partition.ts';
import type { Clock } from '../../foundation/clock.ts';
import { deadlineIn } from '../../foundation/deadline.ts';
import { KafkaError } from '../kafka-error.ts';
import type { TransactionSteps } from '../open-transaction.ts';
import type {
  CallOptions,
  ProducedPartition,
  ProduceRecord,
  ProducerEpoch,
  TransactionalOptions,
} from '../ports.ts';
import type { ProducerIdentity } from './outgoing-batch.ts';
import { Producer, type TransactionMembership } from './producer.ts';
import type { AdminContext } from './topics-admin.ts';
import { TransactionCoordinator } from './transaction-coordinator.ts';
import { within } from './within.ts';

/** The next init, or the timeout, would do it too: nobody waits longer for it. */
const abortMs = 10_000;

/** The transactions of one transactional id at a broker: its producer's batches, its coordinator's requests. */
export class BrokerTransactions implements TransactionSteps, TransactionMembership {
  readonly transactionalId: string;
  readonly #coordinator: TransactionCoordinator;
  readonly #producer: Producer;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #joined = new Set<TopicPartition>();
  /** The broker has, or may have, an open transaction. */
  #open = false;
  #joining: Promise<unknown> = Promise.resolve();
  identity: ProducerIdentity | undefined;

  constructor(
    admin: AdminContext,
    transactionalId: string,
    { timeoutMs, compression = 'none' }: TransactionalOptions,
  ) {
    this.transactionalId = transactionalId;
    this.#timeoutMs = timeoutMs;
    this.#clock = admin.context.clock;
    this.#coordinator = new TransactionCoordinator(admin, transactionalId);
    this.#producer = new Producer(admin, { compression }, this);
  }

  get inDoubt(): boolean {
    return this.#producer.inDoubt;
  }

  async init(call: CallOptions): Promise<ProducerEpoch> {
    this.identity = await this.#coordinator.initProducerId(this.#timeoutMs, call);
    return { producerId: this.identity.producerId, epoch: this.identity.producerEpoch };
  }

  send(
    records: readonly ProduceRecord[],
    call: CallOptions,
  ): Promise<Map<TopicPartition, ProducedPartition>> {
    return this.#producer.send(records, call);
  }

  has(partition: TopicPartition): boolean {
    return this.#joined.has(partition);
  }

  join(partitions: readonly { topic: string; partition: number }[], call: CallOptions): Promise<void> {
    const joined = this.#join(partitions, call);
    this.#joining = Promise.allSettled([joined]);
    return joined;
  }

  /** Throws as TransactionCoordinator.end. An empty transaction is no request: a broker would answer a zombie's with success. */
  async end(committed: boolean, call: CallOptions): Promise<void> {
    // A send that gave up leaves it behind; after the end it would begin the next transaction.
    await within(this.#joining, call, this.#clock);
    if (!this.#open) return;
    const deadline = committed
      ? call.deadline
      : deadlineIn(Math.min(call.deadline.remaining(), abortMs), this.#clock);
    await this.#coordinator.end(this.#identity(), committed, { ...call, deadline });
    this.#joined.clear();
    this.#open = false;
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }

  async #join(partitions: readonly { topic: string; partition: number }[], call: CallOptions): Promise<void> {
    const added = partitions.filter(({ topic, partition }) => !this.has(topicPartition(topic, partition)));
    if (added.length === 0) return;
    try {
      await this.#coordinator.addPartitions(this.#identity(), added, call);
    } catch (error) {
      // Only a refusal makes sure that nothing was opened.
      this.#open ||= !(error instanceof KafkaError) || error.retriable;
      throw error;
    }
    this.#open = true;
    for (const { topic, partition } of added) this.#joined.add(topicPartition(topic, partition));
  }

  #identity(): ProducerIdentity {
    if (!this.identity) throw new RangeError('Bug: a transaction before init');
    return this.identity;
  }
}
