import type { Table } from '../storage/table.ts';

export interface TableCounts {
  reads: number;
  queries: number;
  writes: number;
}

/** The same table, counting what DynamoDB would bill: failed conditions are writes as well. */
export function countingTable(table: Table): { readonly table: Table; readonly counts: TableCounts } {
  const counts: TableCounts = { reads: 0, queries: 0, writes: 0 };
  const count =
    <A extends unknown[], R>(kind: keyof TableCounts, call: (...args: A) => R) =>
    (...args: A): R => {
      counts[kind]++;
      return call(...args);
    };
  return {
    counts,
    table: {
      get: count('reads', table.get.bind(table)),
      query: count('queries', table.query.bind(table)),
      put: count('writes', table.put.bind(table)),
      update: count('writes', table.update.bind(table)),
      delete: count('writes', table.delete.bind(table)),
    },
  };
}
