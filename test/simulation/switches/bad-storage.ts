import { isPage } from '../../../lib/storage/items/offset-page.ts';
import type { Item } from '../../../lib/storage/table.ts';
import type { KnownBad } from './known-bad.ts';
import { override, rewriting, without } from './override.ts';

const isTask = (sk: string): boolean => sk.startsWith('task#');
const isRun = (sk: string): boolean => sk.startsWith('run#');

/** Faults in the conditions of writes: what the table would let pass. */
export const badStorage: readonly KnownBad[] = [
  {
    name: 'release-clears-owner',
    fault: 'a run that ends removes its epoch from the task, so that an older run could claim it again',
    table: (table) =>
      rewriting(table, (_pk, sk, update) =>
        isTask(sk) && update.set?.['released'] === true && update.set['generation'] === undefined
          ? { update: { ...update, remove: ['owner'] } }
          : undefined,
      ),
  },
  {
    name: 'commit-without-epoch',
    fault: 'an offset commit does not ask who has claimed the partition',
    table: (table) =>
      rewriting(table, (pk, _sk, update, condition) =>
        pk.startsWith('offsets#') && update.set?.['updatedAt'] !== undefined
          ? { condition: without(condition, /^(epoch|e\d+)$/) }
          : undefined,
      ),
  },
  {
    name: 'commit-without-version',
    fault: 'an offset commit does not ask whether the offset is still the one that the run has read',
    steps: 3_000,
    table: (table) =>
      rewriting(table, (pk, _sk, update, condition) =>
        pk.startsWith('offsets#') && update.set?.['updatedAt'] !== undefined
          ? { condition: without(condition, 'version') }
          : undefined,
      ),
  },
  {
    name: 'page-overwritten',
    fault: 'a commit writes the offsets of all partitions of a page, those of other tasks as they were',
    steps: 3_000,
    table: (table) => {
      const seen = new Map<string, Item>();
      return override(table, {
        update: async (key, update, options) => {
          const isCommit = isPage(key) && update.set?.['updatedAt'] !== undefined;
          const old = Object.entries(isCommit ? (seen.get(key.sk) ?? {}) : {});
          const offsets = Object.fromEntries(old.filter(([name]) => /^o\d+$/.test(name)));
          const result = await table.update(key, { ...update, set: { ...offsets, ...update.set } }, options);
          if (result.applied) seen.set(key.sk, result.item);
          return result;
        },
      });
    },
  },
  {
    name: 'claim-without-generation',
    fault: 'a run claims a task of whatever generation',
    state: (state) =>
      override(state, {
        tasks: override(state.tasks, {
          get: async (connector, task) => {
            const item = await state.tasks.get(connector, task);
            const runs = (await state.snapshot(connector)).runs.filter((run) => run.task === task);
            const claiming = runs.findLast(({ phase }) => phase === 'STANDBY' || phase === 'DEAD');
            return item && { ...item, generation: claiming?.generation ?? item.generation };
          },
        }),
      }),
    table: (table) =>
      rewriting(table, (_pk, sk, update, condition) =>
        isTask(sk) && update.set?.['owner'] !== undefined
          ? { condition: without(condition, 'generation') }
          : undefined,
      ),
  },
  {
    name: 'zombie-heartbeats',
    fault: 'a heartbeat does not notice that the run was declared dead',
    table: (table) =>
      rewriting(table, (_pk, sk, update, condition) =>
        isRun(sk) && update.set?.['stats'] !== undefined && update.set['outcome'] === undefined
          ? { condition: without(condition, 'phase') }
          : undefined,
      ),
  },
  {
    name: 'stub-removed',
    fault: 'deleting a connector removes the stub that keeps its epoch',
    table: (table) =>
      override(table, {
        update: async (key, update, options) => {
          if (update.set?.['targetState'] !== 'DELETED') return table.update(key, update, options);
          const { applied } = await table.delete(key);
          return applied ? { applied, item: { ...key } } : { applied };
        },
      }),
  },
  {
    name: 'successor-does-not-wait',
    fault: 'a successor claims the task although its predecessor is at work',
    table: (table) =>
      override(
        rewriting(table, (_pk, sk, update, condition) =>
          isTask(sk) && update.set?.['owner'] !== undefined && condition !== undefined && 'all' in condition
            ? { condition: { all: condition.all.slice(0, 2) } }
            : undefined,
        ),
        {
          get: async (key, options) => {
            const item = await table.get(key, options);
            return item !== undefined && isTask(key.sk) ? { ...item, released: true } : item;
          },
        },
      ),
  },
  {
    name: 'folded-twice',
    fault: 'the end of a run is taken into its task again and again',
    table: (table) => {
      const unfolded = (item: Item): Item =>
        isRun(item.sk) ? { ...item, folded: false } : { ...item, folded: 0 };
      const inner = rewriting(table, (_pk, sk, update, condition) =>
        isTask(sk) && update.set?.['folded'] !== undefined
          ? { condition: without(condition, 'folded') }
          : undefined,
      );
      return override(inner, {
        query: async (pk, prefix, options) => (await table.query(pk, prefix, options)).map(unfolded),
      });
    },
  },
  {
    name: 'newer-format-overwritten',
    fault: 'items of a newer format are read and written as if they were of this one',
    table: (table) => {
      const known = (item: Item): Item => (item['format'] === undefined ? item : { ...item, format: 1 });
      const inner = rewriting(table, (_pk, _sk, _update, condition) => ({
        condition: without(condition, 'format'),
      }));
      return override(inner, {
        get: async (key, options) => {
          const item = await table.get(key, options);
          return item && known(item);
        },
        query: async (pk, prefix, options) => (await table.query(pk, prefix, options)).map(known),
      });
    },
  },
  {
    name: 'write-token-ignored',
    fault: 'a write that is sent twice is not recognised as the same',
    table: (table) => {
      const untold = <O extends { token?: string }>(options: O | undefined): Omit<O, 'token'> => {
        const { token: _token, ...rest } = options ?? ({} as O);
        return rest;
      };
      return override(table, {
        put: (item, options) => table.put(item, untold(options)),
        update: (key, update, options) => table.update(key, update, untold(options)),
      });
    },
  },
  {
    name: 'lock-never-expires',
    fault: 'the lock of a coordinator that died is held for ever',
    table: (table) =>
      rewriting(table, (_pk, _sk, update) =>
        update.set?.['lockUntil'] === undefined
          ? undefined
          : { condition: { all: [{ exists: 'uid' }, { absent: 'lockUntil' }] } },
      ),
  },
  {
    name: 'split-without-looking',
    fault:
      'a coordinator writes a new split over tasks that another one has written or a run has claimed since',
    table: (table) =>
      rewriting(table, (_pk, sk, update) =>
        isTask(sk) && update.set?.['released'] === true && update.set['generation'] !== undefined
          ? { condition: null }
          : undefined,
      ),
  },
];
