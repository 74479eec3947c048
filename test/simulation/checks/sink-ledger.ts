import type { MemoryTransaction } from '../../../lib/kafka/memory/memory-log.ts';
import type { SinkOffsets } from '../../../lib/api/context.ts';
import type { TopicPartition } from '../../../lib/api/topic-partition.ts';
import type { Actor } from '../world/actor.ts';
import type { Appended } from '../world/kafka.ts';
import type { Change } from '../world/store.ts';
import type { Systems } from '../world/systems.ts';
import { textOf } from '../world/text-converter.ts';
import type { Evidence } from './evidence.ts';
import { type SlotChange, slotChanges, storesOffset } from '../world/page-changes.ts';
import type { Verdict } from './verdict.ts';

/** A record other producers brought for the sink. */
export interface Incoming {
  readonly text: string;
  readonly transaction: MemoryTransaction | undefined;
}

/**
 * What sinks promise: an offset is stored only within what `preCommit` returned (Invariant 2), only over records that
 * are in the target, reported, or tolerated as configured (5), it moves only forward (3), and a run delivers nothing
 * again that was committed before it began.
 */
export class SinkLedger {
  readonly incoming = new Map<TopicPartition, Map<bigint, Incoming>>();
  readonly #letters = new Set<string>();
  readonly #begun = new WeakMap<Actor, Map<TopicPartition, bigint>>();
  readonly #promised = new WeakMap<Actor, Map<TopicPartition, bigint>>();
  readonly #systems: Systems;
  readonly #evidence: Evidence;
  readonly #verdict: Verdict;

  constructor(systems: Systems, evidence: Evidence, verdict: Verdict) {
    this.#systems = systems;
    this.#evidence = evidence;
    this.#verdict = verdict;
  }

  /** What the task itself answered to preCommit. */
  promised(by: Actor, offsets: SinkOffsets): void {
    const known = mapOf(this.#promised, by);
    for (const [partition, offset] of offsets) known.set(partition, offset);
  }

  delivered(by: Actor, partition: TopicPartition, offset: bigint): void {
    const begun = this.#begun.get(by)?.get(partition);
    if (begun === undefined)
      this.#verdict.broken('Invariant 4', `${by.process.name} delivers from ${partition} without a claim`);
    else if (offset < begun)
      this.#verdict.broken(
        'duplicates are bounded',
        `${by.process.name} delivers offset ${offset} of ${partition} again; ${begun} was committed`,
      );
  }

  recordsAppended({ records }: Appended): void {
    for (const { topic, value } of records) if (topic.endsWith('-dlq')) this.#letters.add(textOf(value));
  }

  pageChanged(change: Change, connector: string): void {
    const { after, by } = change;
    if (after === undefined || by?.role !== 'run') return;
    const isCommit = storesOffset(change);
    const begun = mapOf(this.#begun, by);
    for (const slot of slotChanges(change)) {
      const { partition, before, after: now } = slot;
      if (before.offset !== now.offset) this.#committed(by, connector, slot);
      // A run that claims again looks what became of a commit that failed; meanwhile it has read again.
      else if (!isCommit && now.epoch === by.epoch && !begun.has(partition))
        begun.set(partition, now.offset ?? 0n);
    }
  }

  #committed(by: Actor, connector: string, { partition, before, after }: SlotChange): void {
    const from = before.offset ?? 0n;
    const to = after.offset ?? 0n;
    if (to < from)
      this.#verdict.broken('Invariant 3', `${by.process.name} moves ${partition} back from ${from} to ${to}`);
    const promised = this.#promised.get(by)?.get(partition);
    if (promised !== undefined && to > promised)
      this.#verdict.broken(
        'Invariant 2',
        `${by.process.name} commits ${partition} at ${to}, but preCommit returned ${promised}`,
      );
    for (let offset = from; offset < to; offset++) {
      const why = this.#whyNotPassed(by, { connector, partition, offset });
      if (why !== undefined)
        this.#verdict.broken(
          'Invariant 5',
          `${by.process.name} commits ${partition} over offset ${offset}: ${why}`,
        );
    }
  }

  /** Undefined: the record needs no delivery any more. */
  #whyNotPassed(
    by: Actor,
    { connector, partition, offset }: { connector: string; partition: TopicPartition; offset: bigint },
  ): string | undefined {
    const record = this.incoming.get(partition)?.get(offset);
    if (record === undefined) return undefined; // the marker of a transaction
    if (this.#systems.storedOf(connector, partition).has(offset)) return undefined;
    const config = this.#evidence.configOf(by);
    const isCommitted = config['consumer.override.isolation.level'] === 'read_committed';
    if (isCommitted && record.transaction?.state === 'aborted') return undefined;
    if (isCommitted && record.transaction?.state === 'open') return 'its transaction is still open';
    if (record.text.startsWith('row:')) return 'it is not in the target';
    if (config['errors.tolerance'] !== 'all') return 'it is a bad record, and none is tolerated';
    const wantsLetter = config['errors.deadletterqueue.topic.name'] !== undefined;
    return wantsLetter && !this.#letters.has(record.text) ? 'it has no dead letter' : undefined;
  }

  /** Partitions of a topic with records that are still to be committed; those below a commit were checked then. */
  behind(
    topic: string,
    committed: (partition: TopicPartition) => bigint,
    config: Readonly<Record<string, string>>,
  ): TopicPartition[] {
    const isTolerant = config['errors.tolerance'] === 'all';
    const isCommitted = config['consumer.override.isolation.level'] === 'read_committed';
    const isDue = ({ text, transaction }: Incoming): boolean =>
      !(isTolerant && !text.startsWith('row:')) &&
      (transaction === undefined || transaction.state === 'committed' || !isCommitted);
    return [...this.incoming]
      .filter(([partition]) => partition.startsWith(`${topic}-`))
      .filter(([partition, records]) =>
        [...records].some(([offset, record]) => offset >= committed(partition) && isDue(record)),
      )
      .map(([partition]) => partition);
  }

  /** Whether a partition holds a bad record that is not yet passed: a reason for its task to fail. */
  hasBadRecord(partition: TopicPartition, from: bigint): boolean {
    const records = this.incoming.get(partition) ?? new Map<bigint, Incoming>();
    return [...records].some(([offset, { text }]) => offset >= from && !text.startsWith('row:'));
  }
}

function mapOf(book: WeakMap<Actor, Map<TopicPartition, bigint>>, actor: Actor): Map<TopicPartition, bigint> {
  let map = book.get(actor);
  if (map === undefined) book.set(actor, (map = new Map()));
  return map;
}
