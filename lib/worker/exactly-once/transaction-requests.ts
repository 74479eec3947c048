import type { TransactionContext } from '../../api/context.ts';
import { ConnectError } from '../../api/errors.ts';
import type { SourceRecord } from '../../api/record.ts';

export type TransactionEnd = 'commit' | 'abort';

/** What a source has asked for in its context (Connect's WorkerTransactionContext): each request counts once. */
export class TransactionRequests implements TransactionContext {
  readonly #commits = new Set<SourceRecord>();
  readonly #aborts = new Set<SourceRecord>();
  #commitBatch = false;
  #abortBatch = false;

  commitTransaction(record?: SourceRecord): void {
    if (record === undefined) this.#commitBatch = true;
    else this.#commits.add(record);
  }

  abortTransaction(record?: SourceRecord): void {
    if (record === undefined) this.#abortBatch = true;
    else this.#aborts.add(record);
  }

  /** Throws where both were asked for, as Connect does. */
  takeFor(record: SourceRecord): TransactionEnd | undefined {
    const commit = this.#commits.delete(record);
    const abort = this.#aborts.delete(record);
    if (commit && abort) {
      throw new ConnectError(
        `Connector requested both commit and abort of same record against topic/partition ${record.topic}/${record.kafkaPartition ?? null}`,
      );
    }
    return choose(commit, abort);
  }

  takeForBatch(): TransactionEnd | undefined {
    const [commit, abort] = [this.#commitBatch, this.#abortBatch];
    this.#commitBatch = false;
    this.#abortBatch = false;
    if (commit && abort)
      throw new ConnectError('Connector requested both commit and abort of same transaction');
    return choose(commit, abort);
  }
}

const choose = (commit: boolean, abort: boolean): TransactionEnd | undefined =>
  commit ? 'commit' : abort ? 'abort' : undefined;
