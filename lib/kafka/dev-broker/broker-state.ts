import type { Clock } from '../../foundation/clock.ts';
import { endMarker } from './control-batch.ts';
import { GroupOffsets } from './group-offsets.ts';
import { Notifier } from '../notifier.ts';
import type { StateFolder } from './state-folder.ts';
import { Topics } from './topics.ts';
import { Transactions } from './transactions.ts';

export interface NodeAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface BrokerStateOptions {
  readonly clock: Clock;
  readonly nodeIds: readonly number[];
  readonly folder: StateFolder | undefined;
}

/** All the nodes of a dev broker share one state: they differ only in which partitions they lead. */
export class BrokerState {
  readonly clock: Clock;
  readonly appended: Notifier;
  readonly topics: Topics;
  readonly groupOffsets: GroupOffsets = new GroupOffsets();
  readonly transactions: Transactions;
  /** The nodes that listen now, by id. */
  readonly nodes = new Map<number, NodeAddress>();
  readonly #folder: StateFolder | undefined;

  constructor({ clock, nodeIds, folder }: BrokerStateOptions) {
    this.clock = clock;
    this.appended = new Notifier(clock);
    this.#folder = folder;
    const save = (): void => this.save();
    this.topics = new Topics({
      nodeIds,
      logFile: (topic, partition) => folder?.logFile(topic, partition),
      changed: save,
    });
    this.transactions = new Transactions({
      clock,
      topics: this.topics,
      groupOffsets: this.groupOffsets,
      appended: () => this.appended.notify(),
      changed: save,
    });
    if (folder) this.#restore(folder);
  }

  get controllerId(): number {
    return Math.min(...this.nodes.keys());
  }

  deleteTopic(topic: string): boolean {
    const partitions = this.topics.get(topic)?.partitions.length ?? 0;
    const existed = this.topics.delete(topic);
    if (existed) this.#folder?.deleteLogs(topic, partitions);
    return existed;
  }

  save(): void {
    this.#folder?.save({
      topics: this.topics.definitions(),
      nextProducerId: this.transactions.nextProducerId.toString(),
      transactionalIds: this.transactions
        .all()
        .map((at) => ({ ...at, producerId: at.producerId.toString() })),
      groupOffsets: this.groupOffsets
        .all()
        .map(({ group, offset }) => ({ group, ...offset, offset: offset.offset.toString() })),
    });
  }

  #restore(folder: StateFolder): void {
    const state = folder.load();
    if (!state) return;
    this.transactions.nextProducerId = BigInt(state.nextProducerId);
    for (const { id, producerId, epoch } of state.transactionalIds)
      this.transactions.restore(id, BigInt(producerId), epoch);
    for (const { group, ...offset } of state.groupOffsets) {
      this.groupOffsets.commit(group, { ...offset, offset: BigInt(offset.offset) });
    }
    for (const definition of state.topics) {
      const { name, partitions } = this.topics.add(definition);
      for (const [partition, { log }] of partitions.entries()) {
        const stored = folder.readLog(name, partition);
        const kept = log.restore(stored);
        if (kept < stored.length) folder.truncateLog(name, partition, kept);
        // Who had them open is gone with the process before: nobody else would end them.
        for (const producerId of log.openProducers) this.#abort(log, producerId);
      }
    }
  }

  #abort(log: { append(bytes: Buffer): bigint }, producerId: bigint): void {
    const epoch = this.transactions.all().find((at) => at.producerId === producerId)?.epoch ?? 0;
    log.append(endMarker({ producerId, producerEpoch: epoch, committed: false }, this.clock.now()));
  }
}
