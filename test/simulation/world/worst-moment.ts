import type { Birth } from './birth.ts';
import type { Change } from './store.ts';

/**
 * Thaws who was frozen when it hurts most: a run when a later one has claimed an offset partition or its task has been
 * split anew, a coordinator when another one has written a generation or declared a run dead.
 */
export function thawAtTheWorstMoment({ key, before, after, by }: Change, birth: Birth): void {
  if (by === undefined || after === undefined) return;
  const connector = key.pk.slice(key.pk.indexOf('#') + 1);
  if (key.pk.startsWith('offsets#') && before?.['epoch'] !== after['epoch'])
    birth.takenOver((frozen) => frozen.role === 'run' && frozen.connector === connector);
  if (key.sk.startsWith('task#') && before?.['generation'] !== after['generation'])
    birth.takenOver((frozen) => frozen.role === 'coordinator' || frozen.connector === connector);
  if (key.sk.startsWith('run#') && after['phase'] === 'DEAD' && before?.['phase'] !== 'DEAD')
    birth.takenOver((frozen) => frozen.role === 'coordinator');
}
