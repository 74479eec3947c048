import type { Attribute, Condition, Item } from '../table.ts';

/** Evaluates a condition as DynamoDB does: an absent attribute, or one of another type, compares as false. */
export function holds(condition: Condition, item: Item | undefined): boolean {
  const valueOf = (attribute: string): Attribute | undefined => item?.[attribute];
  if ('exists' in condition) return valueOf(condition.exists) !== undefined;
  if ('absent' in condition) return valueOf(condition.absent) === undefined;
  if ('equals' in condition) return valueOf(condition.equals[0]) === condition.equals[1];
  if ('in' in condition) {
    const value = valueOf(condition.in[0]);
    return condition.in[1].some((candidate) => candidate === value);
  }
  if ('less' in condition) return compares(valueOf(condition.less[0]), (value) => value < condition.less[1]);
  if ('atMost' in condition)
    return compares(valueOf(condition.atMost[0]), (value) => value <= condition.atMost[1]);
  if ('more' in condition) return compares(valueOf(condition.more[0]), (value) => value > condition.more[1]);
  if ('all' in condition) return condition.all.every((part) => holds(part, item));
  return condition.any.some((part) => holds(part, item));
}

const compares = (value: Attribute | undefined, test: (value: number) => boolean): boolean =>
  typeof value === 'number' && test(value);
