import { isPage } from '../../../lib/storage/items/offset-page.ts';
import { slotChanges } from './page-changes.ts';
import type { Birth } from './birth.ts';
import type { Change } from './store.ts';

/**
 * Thaws who was frozen when it hurts most: a run when a later one has claimed an offset partition or its task has been
 * split anew, a coordinator when another one has written a generation or declared a run dead.
 */
export function thawAtTheWorstMoment(change: Change, birth: Birth): void {
  const { key, before, after, by } = change;
  if (by === undefined || after === undefined) return;
  const connector = key.pk.slice(key.pk.indexOf('#') + 1);
  if (key.pk.startsWith('offsets#') && isClaim(change))
    birth.takenOver((frozen) => frozen.role === 'run' && frozen.connector === connector);
  if (key.sk.startsWith('task#') && before?.['generation'] !== after['generation'])
    birth.takenOver((frozen) => frozen.role === 'coordinator' || frozen.connector === connector);
  if (key.sk.startsWith('run#') && after['phase'] === 'DEAD' && before?.['phase'] !== 'DEAD')
    birth.takenOver((frozen) => frozen.role === 'coordinator');
}

const isClaim = (change: Change): boolean =>
  isPage(change.key)
    ? slotChanges(change).some(({ before, after }) => before.epoch !== after.epoch)
    : change.before?.['epoch'] !== change.after?.['epoch'];
