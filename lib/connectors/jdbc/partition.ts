import type { TaskOffsetReader } from '../../api/context.ts';
import type { SourceOffset, SourcePartition } from '../../api/record.ts';
import { decodePosition, type TablePosition } from '../core/sql/offset-codec.ts';
import type { Relation } from '../core/sql/relation.ts';
import { qualifiedName } from '../core/sql/table-id.ts';

/** How offsets name what they belong to, as in the Java connector (protocol version 1). */
export const partitionOf = (relation: Relation): SourcePartition =>
  'table' in relation ? { protocol: '1', table: qualifiedName(relation.table) } : { query: 'query' };

/** Names older versions and other drivers have used for the same table: without the catalog, without protocol. */
function legacyPartitions(relation: Relation): SourcePartition[] {
  if ('query' in relation) return [];
  const { table } = relation;
  const names = [qualifiedName(table), qualifiedName({ ...table, catalog: null }), table.name];
  const forms = (name: string): SourcePartition[] => [{ protocol: '1', table: name }, { table: name }];
  return [...new Set(names)].flatMap(forms).slice(1);
}

/**
 * How far each relation has been read. Today's name of a partition is read as one that this run will write; older
 * names are only looked at where it has no offset yet.
 */
export async function readPositions(
  relations: readonly Relation[],
  offsets: TaskOffsetReader,
): Promise<TablePosition[]> {
  const found = await offsets.getAll(relations.map(partitionOf));
  return Promise.all(
    relations.map(async (relation, i) => decodePosition(found[i] ?? (await legacyOffset(relation, offsets)))),
  );
}

async function legacyOffset(relation: Relation, offsets: TaskOffsetReader): Promise<SourceOffset | null> {
  const found = await Promise.all(legacyPartitions(relation).map((partition) => offsets.peek(partition)));
  return found.find((offset) => offset !== null) ?? null;
}
