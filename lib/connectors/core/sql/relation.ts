import { RetriableError } from '../../../api/errors.ts';
import type { SqlColumn, TableColumn } from './column.ts';
import type { SqlConnection } from './connection.ts';
import { qualifiedName, quotedName, type TableId } from './table-id.ts';

/** What is read: a table or a query of the user's. */
export type Relation = { readonly table: TableId } | { readonly query: string };

export const nameOf = (relation: Relation): string =>
  'table' in relation ? `Table ${qualifiedName(relation.table)}` : 'The query';

/** A query goes into parentheses, so that it may have conditions and joins of its own. */
export function fromClause(relation: Relation, quote: (name: string) => string): string {
  if ('table' in relation) return quotedName(relation.table, quote);
  return `(${relation.query.trim().replace(/;\s*$/, '')}) query`;
}

export async function columnsOf(
  connection: SqlConnection,
  relation: Relation,
): Promise<readonly (SqlColumn & Partial<TableColumn>)[]> {
  if ('query' in relation) {
    const { columns } = await connection.query(`SELECT * FROM ${fromClause(relation, String)} LIMIT 0`);
    return columns;
  }
  const columns = await connection.columns(relation.table);
  if (columns.length > 0) return columns;
  throw new RetriableError(
    `Table ${qualifiedName(relation.table)} does not exist, or the user may not see it`,
    {
      hint: 'If it was dropped or renamed, the next plan of the connector leaves it out; nothing else is held up.',
    },
  );
}
