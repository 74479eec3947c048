import type { Condition, Item, Key, Table, WriteResult } from '../table.ts';
import { checkFormat, storedFormat } from './format.ts';

const readable: Condition = { any: [{ absent: 'format' }, { atMost: ['format', storedFormat] }] };

/**
 * The same table, whose writes and deletes leave items of a newer format as they are and throw the FORMAT error
 * instead: also those that do not read first (Invariant 9). What is read is checked by its reader, so that one item
 * of a list can be refused without the others.
 */
export function guardFormat(table: Table): Table {
  const guarded = <O extends { readonly if?: Condition }>(options: O | undefined) => ({
    ...options,
    if: options?.if === undefined ? readable : { all: [options.if, readable] },
  });
  const checked = (result: WriteResult): WriteResult => {
    if (!result.applied && result.item !== undefined) checkFormat(result.item);
    return result;
  };
  return {
    get: (key, options) => table.get(key, options),
    query: (pk, prefix, options) => table.query(pk, prefix, options),
    put: async (item: Item, options) => checked(await table.put(item, guarded(options))),
    update: async (key, update, options) => checked(await table.update(key, update, guarded(options))),
    async delete(key: Key, options) {
      const result = await table.delete(key, guarded(options));
      const left = result.applied ? undefined : await table.get(key);
      if (left !== undefined) checkFormat(left);
      return result;
    },
  };
}
