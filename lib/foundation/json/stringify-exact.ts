/** The text of an object JSON has no form for; undefined: treat it as an ordinary object. */
export type ObjectHook = (value: object) => string | undefined;

/**
 * JSON.stringify, but a bigint is written as the integer it is, and `object` may write objects of special classes.
 * Object keys keep their order; members that are undefined are left out.
 */
export function stringifyExact(value: unknown, object?: ObjectHook): string {
  return write(value, { object, keys: Object.keys });
}

/** The one text of a value whatever the order of its keys: an identity, for offset partitions and their hashes. */
export function canonicalJson(value: unknown): string {
  return write(value, { object: undefined, keys: (each) => Object.keys(each).toSorted() });
}

interface Style {
  readonly object: ObjectHook | undefined;
  keys(object: object): string[];
}

function write(value: unknown, style: Style): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const special = style.object?.(value);
  if (special !== undefined) return special;
  if (Array.isArray(value)) return `[${value.map((item) => write(item, style)).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  const texts: string[] = [];
  for (const key of style.keys(value)) {
    const member = members[key];
    if (member !== undefined) texts.push(`${JSON.stringify(key)}:${write(member, style)}`);
  }
  return `{${texts.join(',')}}`;
}
