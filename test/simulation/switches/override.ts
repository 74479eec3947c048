import type { Condition, Table, Update } from '../../../lib/storage/table.ts';

/** The same object, some of its functions replaced. */
export function override<T extends object>(target: T, changes: Partial<T>): T {
  return new Proxy(target, {
    get(_target, name) {
      const own: unknown = Reflect.get(changes, name) ?? Reflect.get(target, name, target);
      return typeof own === 'function' && !Reflect.has(changes, name) ? own.bind(target) : own;
    },
  });
}

/** The table with every update changed before it is sent. */
export const rewriting = (
  table: Table,
  rewrite: (
    pk: string,
    sk: string,
    update: Update,
    condition: Condition | undefined,
  ) => { update?: Update; condition?: Condition | null } | undefined,
): Table =>
  override(table, {
    update: (key, update, options) => {
      const changed = rewrite(key.pk, key.sk, update, options?.if);
      const condition = changed?.condition === undefined ? options?.if : (changed.condition ?? undefined);
      const { if: _dropped, ...rest } = options ?? {};
      return table.update(
        key,
        changed?.update ?? update,
        condition === undefined ? rest : { ...rest, if: condition },
      );
    },
  });

/** The condition without every part that speaks of the attribute; null: nothing is left of it. */
export function without(condition: Condition | undefined, attribute: string | RegExp): Condition | null {
  if (condition === undefined) return null;
  if ('all' in condition || 'any' in condition) {
    const isAll = 'all' in condition;
    const parts = (isAll ? condition.all : condition.any)
      .map((part) => without(part, attribute))
      .filter((part) => part !== null);
    if (parts.length === 0) return null;
    return isAll ? { all: parts } : { any: parts };
  }
  const named = Object.values(condition)[0] as string | readonly [string, unknown];
  const name = typeof named === 'string' ? named : named[0];
  const isMeant = typeof attribute === 'string' ? name === attribute : attribute.test(name);
  return isMeant ? null : condition;
}
