import type { ConnectValue } from '../../api/data/value.ts';
import { setOwn } from '../../foundation/set-own.ts';

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

/** A copy with these entries set; the map keeps its kind. */
export function withEntries(
  map: SchemalessMap,
  changes: readonly (readonly [string, ConnectValue])[],
): SchemalessMap {
  if (map instanceof Map) return new Map<ConnectValue, ConnectValue>([...map, ...changes]);
  // Spreading keeps the object's shape, so it costs a tenth of copying entries, and __proto__ stays data.
  const copy: Record<string, ConnectValue> = { ...(map as Readonly<Record<string, ConnectValue>>) };
  for (const [key, value] of changes) setOwn(copy, key, value);
  return copy;
}

/** A copy under the names `rename` gives; a member it gives undefined for is left out. */
export function withKeys(map: SchemalessMap, rename: (key: string) => string | undefined): SchemalessMap {
  if (map instanceof Map) {
    const renamed = [...map].map(([key, value]) => [rename(key as string), value] as const);
    return new Map<ConnectValue, ConnectValue>(
      renamed.filter(([key]) => key !== undefined) as [ConnectValue, ConnectValue][],
    );
  }
  const object = map as Readonly<Record<string, ConnectValue>>;
  const copy: Record<string, ConnectValue> = {};
  for (const key in object) {
    const name = rename(key);
    if (name !== undefined) setOwn(copy, name, object[key]);
  }
  return copy;
}

/** A map of these entries, of the same kind as `map`. */
export function likeMap(
  map: SchemalessMap,
  entries: readonly (readonly [ConnectValue, ConnectValue])[],
): SchemalessMap {
  return map instanceof Map
    ? new Map(entries)
    : Object.fromEntries(entries as readonly (readonly [string, ConnectValue])[]);
}
