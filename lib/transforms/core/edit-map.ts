import type { ConnectValue } from '../../api/data/value.ts';
import type { FieldTree } from './field-tree.ts';
import { nestedPurpose } from './field-path.ts';
import { requireMap } from './requirements.ts';
import { entriesOf, hasKey, likeMap, type SchemalessMap } from './schemaless-map.ts';

/**
 * A schemaless map after a tree of changes. Maps on the way to a change are copied, all else is shared. `inserted`
 * holds the values of the tree's insertions; null inserts nothing. Throws a DataError where a path goes on in a value
 * that is no map.
 */
export function editMap(
  map: SchemalessMap,
  tree: FieldTree,
  inserted: readonly ConnectValue[] = [],
): SchemalessMap {
  const entries: [ConnectValue, ConnectValue][] = [];
  for (const [key, value] of entriesOf(map)) {
    const node = typeof key === 'string' ? tree.nodes.get(key) : undefined;
    if (node === undefined) {
      if (tree.keepsOthers) entries.push([key, value]);
      continue;
    }
    const { drop, rename = key, convert } = node.change;
    if (drop === true) continue;
    if (node.inside !== null) entries.push([rename, editNested(value, node.inside, inserted)]);
    else entries.push([rename, convert === undefined ? value : convert.value(value, null)]);
  }
  for (const [name, { change }] of tree.nodes) {
    if (change.convert !== undefined && change.convert.skipsAbsent !== true && !hasKey(map, name))
      entries.push([name, change.convert.value(null, null)]);
  }
  for (const { name, index } of tree.insertions) {
    const value = inserted[index] ?? null;
    if (value !== null) entries.push([name, value]);
  }
  return likeMap(map, entries);
}

const editNested = (
  value: ConnectValue,
  inside: FieldTree,
  inserted: readonly ConnectValue[],
): ConnectValue =>
  value === null || value === undefined ? null : editMap(requireMap(value, nestedPurpose), inside, inserted);
