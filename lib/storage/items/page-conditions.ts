import type { Attribute, Condition, Update } from '../table.ts';
import {
  epochOf,
  offsetOf,
  type OffsetPage,
  type PageId,
  type Slot,
  turnsOf,
  unclaimed,
} from './offset-page.ts';

/*
 * DynamoDB takes expressions of at most 4 KB, with at most 300 operators and functions. At worst a commit asks of each
 * of 32 partitions
 *   #n93 = :v62 AND attribute_not_exists(#n94) AND attribute_not_exists(#n95) AND
 * which is 80 characters and 6 operators, 2.5 KB and 192 in all; a claim
 *   (attribute_not_exists(#n31) OR #n31 <= :v31) AND
 * has 50 characters and 4 operators, 1.6 KB and 128 in all.
 */

/** Nobody later has claimed any of these. */
export const mayClaim = (partitions: readonly number[], epoch: number): Condition => ({
  all: partitions.map((partition) => ({
    any: [{ absent: epochOf(partition) }, { atMost: [epochOf(partition), epoch] }],
  })),
});

export const claiming = (
  { topic }: PageId,
  partitions: readonly number[],
  epoch: number,
): Readonly<Record<string, Attribute>> => ({
  topic,
  ...Object.fromEntries(partitions.map((partition) => [epochOf(partition), epoch])),
});

/** Each of these partitions is this epoch's, and where the page says. */
export function isAsSeen({ slots }: OffsetPage, partitions: readonly number[], epoch: number): Condition {
  const seen = partitions.flatMap((partition): Condition[] => {
    const { offset, turns } = slots.get(partition) ?? unclaimed;
    return [
      { equals: [epochOf(partition), epoch] },
      offset === null ? { absent: offsetOf(partition) } : { equals: [offsetOf(partition), String(offset)] },
      turns === 0 ? { absent: turnsOf(partition) } : { equals: [turnsOf(partition), turns] },
    ];
  });
  return { all: seen };
}

/** The slots after a commit of `changes`, of these partitions only. */
export function moved(
  { slots }: OffsetPage,
  changes: ReadonlyMap<number, bigint | null>,
  epoch: number,
): ReadonlyMap<number, Slot> {
  const after = new Map<number, Slot>();
  for (const [partition, offset] of changes) {
    const before = slots.get(partition) ?? unclaimed;
    const goesBack = before.offset !== null && (offset === null || offset < before.offset);
    after.set(partition, { epoch, offset, turns: before.turns + (goesBack ? 1 : 0) });
  }
  return after;
}

/** The change that makes these partitions so. */
export function storing(slots: ReadonlyMap<number, Slot>): Required<Pick<Update, 'set' | 'remove'>> {
  const set: Record<string, Attribute> = {};
  const remove: string[] = [];
  for (const [partition, { offset, turns }] of slots) {
    if (offset === null) remove.push(offsetOf(partition));
    else set[offsetOf(partition)] = String(offset);
    if (turns > 0) set[turnsOf(partition)] = turns;
  }
  return { set, remove };
}

/** Whether the page says exactly this of these partitions. */
export const holdsAll = (page: OffsetPage, wanted: ReadonlyMap<number, Slot>): boolean =>
  [...wanted].every(([partition, { epoch, offset, turns }]) => {
    const slot = page.slots.get(partition) ?? unclaimed;
    return slot.epoch === epoch && slot.offset === offset && slot.turns === turns;
  });
