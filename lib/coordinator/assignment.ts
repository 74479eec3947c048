import type { Assignment } from '../storage/items/tasks.ts';
import type { PlannedPartition } from '../worker/protocol.ts';

/**
 * Deals topic-partitions to `tasksMax` tasks at most, every partition to exactly one. Deterministic, and sticky: a
 * partition stays with the task that has it as long as that task is not over its fair share.
 */
export function assignPartitions(
  partitions: readonly PlannedPartition[],
  tasksMax: number,
  before: readonly Assignment[],
): Assignment[] {
  const count = Math.min(tasksMax, partitions.length);
  const share = Math.floor(partitions.length / Math.max(1, count));
  let larger = partitions.length - share * count;
  const dealt: PlannedPartition[][] = Array.from({ length: count }, () => []);
  const homeless: PlannedPartition[] = [];
  for (const partition of [...partitions].sort(byName)) {
    const home = before.findIndex((a) => a[partition.topic]?.includes(partition.partition) === true);
    const list = dealt[home];
    if (list === undefined || list.length > share || (list.length === share && larger === 0)) {
      homeless.push(partition);
    } else {
      if (list.length === share) larger--;
      list.push(partition);
    }
  }
  for (const partition of homeless) {
    const smallest = dealt.reduce((least, list) => (list.length < least.length ? list : least));
    smallest.push(partition);
  }
  return dealt.filter((list) => list.length > 0).map(toAssignment);
}

const byName = (a: PlannedPartition, b: PlannedPartition): number =>
  a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;

function toAssignment(partitions: readonly PlannedPartition[]): Assignment {
  const assignment: Record<string, number[]> = {};
  for (const { topic, partition } of [...partitions].sort(byName)) (assignment[topic] ??= []).push(partition);
  return assignment;
}
