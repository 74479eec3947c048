import { reconcile } from '../../../lib/coordinator/reconcile.ts';
import type { CoordinatorDeps } from '../../../lib/coordinator/pass.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import type { Item, Key, Table, WriteResult } from '../../../lib/storage/table.ts';
import type { Verdict } from './verdict.ts';

/** What a tick may write of a connector though there is nothing to do. */
const bookkeeping: ReadonlySet<string> = new Set([
  'lockToken',
  'lockUntil',
  'seen',
  'lastTick',
  'writeToken',
]);
/** Ticks at the same moment until there is nothing left to do: fold what was declared dead, settle, and look again. */
const ticksToRest = 6;

/**
 * Invariant 10, tried on a copy of the table at one moment: after a few ticks nothing is left to do, and every further
 * one writes bookkeeping only and invokes nobody.
 */
export async function checkRepeatedTick(
  copy: Table,
  name: string,
  deps: Omit<CoordinatorDeps, 'state'>,
  verdict: Verdict,
): Promise<void> {
  const notes: string[] = [];
  const table = noting(copy, notes);
  const quiet: CoordinatorDeps = {
    ...deps,
    state: clusterState(table),
    invoker: {
      plan: (worker, request) => deps.invoker.plan(worker, request),
      fence: (worker, request) => deps.invoker.fence(worker, request),
      run: async (_worker, { epoch }) => void notes.push(`invokes run ${epoch}`),
    },
  };
  for (let n = 0; n < ticksToRest; n++) {
    notes.length = 0;
    await reconcile(name, quiet);
    if (notes.length === 0 && n > 0) return;
  }
  if (notes.length > 0)
    verdict.broken('Invariant 10', `a tick repeated ${ticksToRest} times still ${notes.join(', ')}`);
}

/** Notes every change that is more than bookkeeping. */
function noting(inner: Table, notes: string[]): Table {
  const watched = async (key: Key, write: () => Promise<WriteResult>): Promise<WriteResult> => {
    const before = await inner.get(key);
    const result = await write();
    if (result.applied) notes.push(...differences(key, before, result.item));
    return result;
  };
  return {
    get: (key, options) => inner.get(key, options),
    query: (pk, prefix, options) => inner.query(pk, prefix, options),
    put: (item, options) => watched(item, () => inner.put(item, options)),
    update: (key, update, options) => watched(key, () => inner.update(key, update, options)),
    delete: async (key, options) => {
      const before = await inner.get(key);
      const result = await inner.delete(key, options);
      if (result.applied && before !== undefined) notes.push(`removes ${key.pk}/${key.sk}`);
      return result;
    },
  };
}

function differences(key: Key, before: Item | undefined, after: Item): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !(key.pk === 'connectors' && bookkeeping.has(name)))
    .filter((name) => name !== 'writeToken')
    .filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after[name]))
    .map((name) => `writes ${name} of ${key.pk}/${key.sk}`);
}
