/** Names a table; a part the database does not have is null. */
export interface TableId {
  readonly catalog: string | null;
  readonly schema: string | null;
  readonly name: string;
}

const parts = ({ catalog, schema, name }: TableId): string[] =>
  [catalog, schema, name].filter((part) => part !== null);

/** `shop.public.orders`: how offsets name a table. */
export const qualifiedName = (table: TableId): string => parts(table).join('.');

export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `"shop"."public"."orders"` */
export const quotedName = (table: TableId, quote: (name: string) => string = quoteIdentifier): string =>
  parts(table).map(quote).join('.');

/** The names a user may have meant this table by, without the catalog, without the schema, quoted or not. */
export function namesOf(table: TableId): string[] {
  const shorter = [table, { ...table, catalog: null }, { ...table, catalog: null, schema: null }];
  return [...new Set(shorter.flatMap((id) => [qualifiedName(id), quotedName(id)]))];
}

/** Reads what `tables.map(quotedName).join(',')` wrote: the `tables` of a task config. */
export function parseTableIds(text: string): TableId[] {
  const tables: TableId[] = [];
  let path: string[] = [];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",.\s]+))\s*([.,]|$)\s*/g)) {
    const [, quoted, plain = '', separator] = match;
    path.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (separator === '.') continue;
    const [name = '', schema = null, catalog = null] = path.reverse();
    tables.push({ catalog, schema, name });
    path = [];
  }
  return tables;
}
