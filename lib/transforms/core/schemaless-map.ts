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
