import type { Assignment } from '../storage/items/task-item.ts';
import type { PlannedPartition } from '../worker/protocol.ts';

/**
 * Deals topic-partitions to `count` tasks at most, every partition to exactly one. Deterministic, and sticky: a
 * partition stays with the task that has it as long as that task is not over its fair share. Tasks differ by one
 * partition at most; what has to move goes, the largest backlog first, to the task with the least to do.
 */
export function assignPartitions(
  partitions: readonly PlannedPartition[],
  most: number,
  before: readonly Assignment[],
): Assignment[] {
  const count = Math.min(most, partitions.length);
  const share = Math.floor(partitions.length / Math.max(1, count));
  let larger = partitions.length - share * count;
  const dealt = Array.from({ length: count }, () => new Hand());
  const homeless: PlannedPartition[] = [];
  for (const partition of [...partitions].sort(byName)) {
    const home = before.findIndex((a) => a[partition.topic]?.includes(partition.partition) === true);
    const hand = dealt[home];
    if (hand === undefined || hand.size > share || (hand.size === share && larger === 0)) {
      homeless.push(partition);
    } else {
      if (hand.size === share) larger--;
      hand.take(partition);
    }
  }
  for (const partition of homeless.sort((a, b) => loadOf(b) - loadOf(a) || byName(a, b))) {
    const fewest = Math.min(...dealt.map((hand) => hand.size));
    const open = dealt.filter((hand) => hand.size < share || (hand.size === share && fewest === share));
    open.reduce((least, hand) => (hand.load < least.load ? hand : least)).take(partition);
  }
  return dealt.filter((hand) => hand.size > 0).map((hand) => hand.assignment());
}

/** What one task gets. */
class Hand {
  readonly #partitions: PlannedPartition[] = [];
  load = 0;

  get size(): number {
    return this.#partitions.length;
  }

  take(partition: PlannedPartition): void {
    this.#partitions.push(partition);
    this.load += loadOf(partition);
  }

  assignment(): Assignment {
    const assignment: Record<string, number[]> = {};
    for (const { topic, partition } of this.#partitions.sort(byName))
      (assignment[topic] ??= []).push(partition);
    return assignment;
  }
}

/** Its backlog; each partition costs a little even without one. */
const loadOf = ({ next, end }: PlannedPartition): number =>
  1 + (next === undefined || end === undefined ? 0 : Math.max(0, Number(BigInt(end) - BigInt(next))));

const byName = (a: PlannedPartition, b: PlannedPartition): number =>
  a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
