import type { Clock } from '../../foundation/clock.ts';
import { endMarker } from './control-batch.ts';
import type { GroupOffset, GroupOffsets } from './group-offsets.ts';
import type { Topics } from './topics.ts';

interface Transaction {
  readonly producerId: bigint;
  epoch: number;
  timeoutMs: number;
  /**
   * empty ──add──▶ ongoing ──end──▶ committed | aborted ──add──▶ ongoing …
   * InitProducerId and the timeout abort what is ongoing and raise the epoch, which fences the producer before.
   */
  state: 'empty' | 'ongoing' | 'committed' | 'aborted';
  readonly partitions: Map<string, { readonly topic: string; readonly partition: number }>;
  readonly offsets: { readonly group: string; readonly offset: GroupOffset }[];
  expiry: AbortController | undefined;
}

export interface ProducerIdentity {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

const codes = {
  ok: 0,
  unknownPartition: 3,
  invalidEpoch: 47,
  invalidState: 48,
  invalidMapping: 49,
  notAttempted: 55,
} as const;

export interface TransactionsOptions {
  readonly clock: Clock;
  readonly topics: Topics;
  readonly groupOffsets: GroupOffsets;
  readonly appended: () => void;
  readonly changed: () => void;
}

/** The transaction coordinator: KIP-98 without the two phases, since all partitions live in this process. */
export class Transactions {
  readonly #options: TransactionsOptions;
  readonly #byId = new Map<string, Transaction>();
  nextProducerId = 1n;

  constructor(options: TransactionsOptions) {
    this.#options = options;
  }

  newProducerId(): bigint {
    const id = this.nextProducerId++;
    this.#options.changed();
    return id;
  }

  init(transactionalId: string, timeoutMs: number): { producerId: bigint; producerEpoch: number } {
    let transaction = this.#byId.get(transactionalId);
    if (transaction) {
      transaction.epoch += 1;
      if (transaction.state === 'ongoing') this.#end(transaction, false);
      transaction.timeoutMs = timeoutMs;
      transaction.state = 'empty';
    } else {
      transaction = this.restore(transactionalId, this.nextProducerId++, 0);
      transaction.timeoutMs = timeoutMs;
    }
    this.#options.changed();
    return { producerId: transaction.producerId, producerEpoch: transaction.epoch };
  }

  /** All or nothing, as brokers do: an unknown partition leaves the others not attempted. */
  addPartitions(
    producer: ProducerIdentity,
    partitions: readonly { topic: string; partition: number }[],
  ): number[] {
    const transaction = this.#check(producer);
    if (typeof transaction === 'number') return partitions.map(() => transaction);
    const known = partitions.map(
      ({ topic, partition }) => this.#options.topics.partition(topic, partition) !== undefined,
    );
    if (known.includes(false))
      return known.map((exists) => (exists ? codes.notAttempted : codes.unknownPartition));
    this.#begin(producer.transactionalId, transaction);
    for (const at of partitions) transaction.partitions.set(`${at.topic}-${at.partition}`, at);
    return partitions.map(() => codes.ok);
  }

  addGroup(producer: ProducerIdentity): number {
    const transaction = this.#check(producer);
    if (typeof transaction === 'number') return transaction;
    this.#begin(producer.transactionalId, transaction);
    return codes.ok;
  }

  addOffset(producer: ProducerIdentity, group: string, offset: GroupOffset): number {
    const transaction = this.#check(producer);
    if (typeof transaction === 'number') return transaction;
    if (transaction.state !== 'ongoing') return codes.invalidState;
    transaction.offsets.push({ group, offset });
    return codes.ok;
  }

  end(producer: ProducerIdentity, committed: boolean): number {
    const transaction = this.#check(producer);
    if (typeof transaction === 'number') return transaction;
    if (transaction.state === (committed ? 'committed' : 'aborted')) return codes.ok;
    if (transaction.state !== 'ongoing') return codes.invalidState;
    this.#end(transaction, committed);
    return codes.ok;
  }

  /** Whether a transactional batch may be appended: its partition must have been added to an open transaction. */
  checkAppend(transactionalId: string | null, producerId: bigint, topic: string, partition: number): number {
    const transaction = transactionalId === null ? undefined : this.#byId.get(transactionalId);
    if (!transaction || transaction.producerId !== producerId) return codes.invalidMapping;
    const open = transaction.state === 'ongoing' && transaction.partitions.has(`${topic}-${partition}`);
    return open ? codes.ok : codes.invalidState;
  }

  restore(transactionalId: string, producerId: bigint, epoch: number): Transaction {
    const transaction: Transaction = {
      producerId,
      epoch,
      timeoutMs: 60_000,
      state: 'empty',
      partitions: new Map(),
      offsets: [],
      expiry: undefined,
    };
    this.#byId.set(transactionalId, transaction);
    return transaction;
  }

  all(): { id: string; producerId: bigint; epoch: number }[] {
    return [...this.#byId].map(([id, { producerId, epoch }]) => ({ id, producerId, epoch }));
  }

  close(): void {
    for (const transaction of this.#byId.values()) transaction.expiry?.abort();
  }

  #check({ transactionalId, producerId, producerEpoch }: ProducerIdentity): Transaction | number {
    const transaction = this.#byId.get(transactionalId);
    if (!transaction || transaction.producerId !== producerId) return codes.invalidMapping;
    return transaction.epoch === producerEpoch ? transaction : codes.invalidEpoch;
  }

  #begin(transactionalId: string, transaction: Transaction): void {
    if (transaction.state === 'ongoing') return;
    transaction.state = 'ongoing';
    transaction.expiry = new AbortController();
    void this.#expire(transactionalId, transaction, transaction.expiry.signal);
  }

  async #expire(transactionalId: string, transaction: Transaction, ended: AbortSignal): Promise<void> {
    try {
      await this.#options.clock.sleep(transaction.timeoutMs, ended);
    } catch (error) {
      if (ended.aborted) return;
      throw error;
    }
    if (this.#byId.get(transactionalId) !== transaction || transaction.state !== 'ongoing') return;
    transaction.epoch += 1;
    this.#end(transaction, false);
    this.#options.changed();
  }

  #end(transaction: Transaction, committed: boolean): void {
    const { topics, groupOffsets, clock } = this.#options;
    const { producerId, epoch: producerEpoch } = transaction;
    transaction.expiry?.abort();
    for (const { topic, partition } of transaction.partitions.values()) {
      const marker = endMarker({ producerId, producerEpoch, committed }, clock.now());
      topics.partition(topic, partition)?.log.append(marker);
    }
    if (committed) for (const { group, offset } of transaction.offsets) groupOffsets.commit(group, offset);
    transaction.partitions.clear();
    transaction.offsets.length = 0;
    transaction.state = committed ? 'committed' : 'aborted';
    this.#options.changed();
    this.#options.appended();
  }
}
