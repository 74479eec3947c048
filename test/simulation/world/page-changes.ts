import { topicPartition, type TopicPartition } from '../../../lib/api/topic-partition.ts';
import { isPage, readPage, type Slot, unclaimed } from '../../../lib/storage/items/offset-page.ts';
import type { Item } from '../../../lib/storage/table.ts';
import type { Change } from './store.ts';

/** What a write to a page did to one topic-partition. */
export interface SlotChange {
  readonly partition: TopicPartition;
  readonly before: Slot;
  readonly after: Slot;
}

const slotsOf = (item: Item | undefined): ReadonlyMap<number, Slot> =>
  item === undefined ? new Map() : readPage({ ...item, format: 1 }).slots;

/** Every partition of the page, those that stayed as they were as well. */
export function slotChanges({ before, after }: Pick<Change, 'before' | 'after'>): SlotChange[] {
  const [was, is] = [slotsOf(before), slotsOf(after)];
  const topic = String((after ?? before)?.['topic']);
  return [...new Set([...was.keys(), ...is.keys()])].map((number) => ({
    partition: topicPartition(topic, number),
    before: was.get(number) ?? unclaimed,
    after: is.get(number) ?? unclaimed,
  }));
}

/** Whether a write to an item that holds offsets has stored one. */
export function storesOffset(change: Change): boolean {
  if (!isPage(change.key)) return change.before?.['offset'] !== change.after?.['offset'];
  return slotChanges(change).some(({ before, after }) => before.offset !== after.offset);
}

/** The next record of each topic-partition that has an offset. */
export function committedIn(items: readonly Item[]): ReadonlyMap<string, bigint> {
  const committed = new Map<string, bigint>();
  for (const item of items.filter(isPage))
    for (const { partition, after } of slotChanges({ before: undefined, after: item }))
      if (after.offset !== null) committed.set(partition, after.offset);
  return committed;
}

/** What is stored tells the run that its write was applied, or that another run has claimed the partitions since. */
export function isTold(change: Change, stored: Item | undefined): boolean {
  const now = new Map(
    slotChanges({ before: undefined, after: stored }).map((slot) => [slot.partition, slot.after]),
  );
  return slotChanges(change)
    .filter(({ before, after }) => before.offset !== after.offset)
    .every(({ partition, after }) => {
      const { epoch, offset } = now.get(partition) ?? unclaimed;
      return epoch > after.epoch || (epoch === after.epoch && offset === after.offset);
    });
}
