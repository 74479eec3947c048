import { ConnectError } from '../../api/errors.ts';
import type { Item } from '../table.ts';

/** Version of the stored shape. Raise it with a change that the previous release cannot read. */
export const storedFormat = 1;

/** Invariant 9: a newer format is refused with a clear error, never guessed at or overwritten. */
export function checkFormat(item: Item): void {
  const format = item['format'];
  if (typeof format === 'number' && format > storedFormat) {
    throw new ConnectError(
      `Item ${item.pk} / ${item.sk} has stored format ${format}; this version of Sluice reads formats up to ${storedFormat}`,
      {
        code: 'FORMAT',
        hint: 'Deploy the newer version again, or restore the table to a point before it wrote.',
      },
    );
  }
}
