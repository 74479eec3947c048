import type { Key, Table } from '../../../lib/storage/table.ts';

/** After how many writes to end, and on which side of the last one. */
export interface Death {
  readonly writes: number;
  /** `steps`: only writes of TASK, RUN and OFFSET items count, which is where a pass that has work to do is. */
  readonly counting: 'all' | 'steps';
  readonly when: 'before' | 'after';
}

/** The same table for a process that dies between two writes, once that has been arranged. */
export function mortalTable(
  table: Table,
  die: () => void,
): { table: Table; arrange: (death: Death) => void } {
  let death: Death | undefined;
  let left = 0;
  const write = async <R>(key: Key, call: () => Promise<R>): Promise<R> => {
    const counts = death !== undefined && (death.counting === 'all' || key.pk !== 'connectors');
    const last = counts && --left === 0;
    if (last && death?.when === 'before') die();
    const result = await call();
    if (last) die();
    return result;
  };
  return {
    arrange: (arranged) => {
      death = arranged;
      left = arranged.writes;
    },
    table: {
      get: table.get.bind(table),
      query: table.query.bind(table),
      put: (item, options) => write(item, () => table.put(item, options)),
      update: (key, update, options) => write(key, () => table.update(key, update, options)),
      delete: (key, options) => write(key, () => table.delete(key, options)),
    },
  };
}
