import { valueEquals } from './equals.ts';
import { javaClassOf } from './java-class.ts';
import { javaString } from './java-string.ts';
import type { ConnectValue } from './value.ts';

/** Entries of a map without a schema. Like Java's, it finds an equal key whatever object it is. */
export class EntriesByValue {
  readonly #list: [ConnectValue, ConnectValue][] = [];
  readonly #byHash = new Map<string, [ConnectValue, ConnectValue][]>();

  /** In the order in which their keys came first. */
  get list(): readonly (readonly [ConnectValue, ConnectValue])[] {
    return this.#list;
  }

  put(key: ConnectValue, value: ConnectValue): void {
    const hash = hashOf(key);
    const alike = this.#byHash.get(hash) ?? [];
    const existing = alike.find(([other]) => valueEquals(other, key));
    if (existing !== undefined) {
      existing[1] = value;
      return;
    }
    const entry: [ConnectValue, ConnectValue] = [key, value];
    this.#list.push(entry);
    alike.push(entry);
    this.#byHash.set(hash, alike);
  }
}

/** The same text for equal values; maps are equal in any order. */
function hashOf(value: ConnectValue): string {
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<ConnectValue, ConnectValue>)];
    return `{${entries
      .map(([key, item]) => `${hashOf(key)}=${hashOf(item)}`)
      .toSorted()
      .join()}}`;
  }
  if (Array.isArray(value)) return `[${(value as readonly ConnectValue[]).map(hashOf).join()}]`;
  return `${javaClassOf(value)} ${javaString(value, null)}`;
}
