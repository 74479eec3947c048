import type { Attribute, Item } from '../table.ts';

/** Reading attributes of a stored item: what is absent reads as 0, '' or false. */
export const numberOf = (item: Item, name: string): number => Number(item[name] ?? 0);
export const textOf = (item: Item, name: string): string => String(item[name] ?? '');
export const flagOf = (item: Item, name: string): boolean => item[name] === true;

/** `{ [as]: text }` when the attribute is there, `{}` otherwise: for optional properties. */
export function optionalText<K extends string>(item: Item, name: K): { [P in K]?: string } {
  const value: Attribute | undefined = item[name];
  return (typeof value === 'string' ? { [name]: value } : {}) as { [P in K]?: string };
}
