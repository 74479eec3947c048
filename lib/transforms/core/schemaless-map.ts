import type { ConnectValue } from '../../api/data/value.ts';

/** A map without a schema: a plain object where all keys are strings, else a Map. */
export type SchemalessMap =
  | ReadonlyMap<ConnectValue, ConnectValue>
  | { readonly [key: string]: ConnectValue };

export const entriesOf = (map: SchemalessMap): [ConnectValue, ConnectValue][] =>
  map instanceof Map ? [...map] : Object.entries(map);

/** Null where the key is absent. */
export function getFrom(map: SchemalessMap, key: string): ConnectValue {
  if (map instanceof Map) return (map.get(key) as ConnectValue | undefined) ?? null;
  const object = map as Readonly<Record<string, ConnectValue>>;
  return Object.hasOwn(object, key) ? (object[key] ?? null) : null;
}

export const hasKey = (map: SchemalessMap, key: string): boolean =>
  map instanceof Map ? map.has(key) : Object.hasOwn(map, key);

/** A map of these entries, of the same kind as `map`. */
export function likeMap(
  map: SchemalessMap,
  entries: readonly (readonly [ConnectValue, ConnectValue])[],
): SchemalessMap {
  return map instanceof Map
    ? new Map(entries)
    : // fromEntries defines properties, so a key named __proto__ stays data.
      Object.fromEntries(entries as readonly (readonly [string, ConnectValue])[]);
}
