import type { Attribute, Condition, Item, Key, Table, Update, WriteOptions } from '../table.ts';
import { holds } from './condition.ts';

/**
 * The table in memory: for unit tests, the simulation and `sluice preview`. It behaves as DynamoDB does, down to
 * the order of keys, and passes the same conformance suite (`testing/table-suite.ts`).
 */
export function memoryTable(): Table {
  const partitions = new Map<string, Map<string, Item>>();
  const find = (key: Key): Item | undefined => partitions.get(key.pk)?.get(key.sk);

  const store = (item: Item, token: string | undefined): Item => {
    const stored = frozen(token === undefined ? item : { ...item, writeToken: token }, 'item') as Item;
    const partition = partitions.get(item.pk) ?? new Map<string, Item>();
    partitions.set(item.pk, partition.set(item.sk, stored));
    return stored;
  };

  /** One conditional write, all of it without an await: nothing can come between the condition and the change. */
  const write = async (
    key: Key,
    options: WriteOptions | undefined,
    change: (now: Item | undefined) => Item,
  ) => {
    options?.signal?.throwIfAborted();
    const now = find(key);
    if (permits(options?.if, now))
      return { applied: true as const, item: store(change(now), options?.token) };
    if (now !== undefined && isOurs(now, options)) return { applied: true as const, item: now };
    return now === undefined ? { applied: false as const } : { applied: false as const, item: now };
  };

  return {
    async get(key, options) {
      options?.signal?.throwIfAborted();
      return find(key);
    },
    async query(pk, prefix = '', options) {
      options?.signal?.throwIfAborted();
      const items = [...(partitions.get(pk)?.values() ?? [])];
      const from = options?.from;
      const wanted =
        prefix === '' && from !== undefined
          ? items.filter((item) => compareKeys(item.sk, from) >= 0)
          : items.filter((item) => item.sk.startsWith(prefix));
      return wanted.toSorted(bySortKey);
    },
    put: (item, options) => write(item, options, () => item),
    update: (key, update, options) =>
      write(key, options, (now) => updated(now ?? { pk: key.pk, sk: key.sk }, update)),
    async delete(key, options) {
      options?.signal?.throwIfAborted();
      if (!permits(options?.if, find(key))) return { applied: false };
      partitions.get(key.pk)?.delete(key.sk);
      return { applied: true };
    },
  };
}

const permits = (condition: Condition | undefined, item: Item | undefined): boolean =>
  condition === undefined || holds(condition, item);

const isOurs = (item: Item, options: WriteOptions | undefined): boolean =>
  options?.token !== undefined && item['writeToken'] === options.token;

/** DynamoDB orders sort keys by their UTF-8 bytes, JavaScript strings by UTF-16 units. */
const compareKeys = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const bySortKey = (a: Item, b: Item): number => compareKeys(a.sk, b.sk);

function updated(item: Item, { set = {}, add = {}, remove = [] }: Update): Item {
  const next: Record<string, Attribute> = { ...item, ...set };
  for (const [name, by] of Object.entries(add)) {
    const now = item[name] ?? 0;
    if (typeof now !== 'number')
      throw new TypeError(`Attribute ${name} is not a number, so ${by} cannot be added to it`);
    next[name] = now + by;
  }
  for (const name of remove) delete next[name];
  return { ...next, pk: item.pk, sk: item.sk };
}

/** A copy nobody can change; throws for what DynamoDB would not store either. */
function frozen(value: Attribute, name: string): Attribute {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) {
    throw new TypeError(`Attribute ${name} is ${String(value)}, which a table cannot store`);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value))
    return Object.freeze(value.map((element, index) => frozen(element, `${name}[${index}]`)));
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, frozen(inner, `${name}.${key}`)] as const,
  );
  return Object.freeze(Object.fromEntries(entries));
}

const isList = (value: Attribute): value is readonly Attribute[] => Array.isArray(value);
