import { canonicalJson } from '../foundation/json/stringify-exact.ts';
import type { Leaf } from './record-leaves.ts';

export type LeafValue = Omit<Leaf, 'path'>;

/** One line of a diff. `=`: the same before and after, `~`: changed, `+`: added, `-`: removed. */
export interface Change {
  readonly mark: '=' | '~' | '+' | '-';
  readonly path: string;
  /** Absent: added. */
  readonly before?: LeafValue;
  /** Absent: removed. */
  readonly after?: LeafValue;
}

/**
 * What changed between two records, leaf by leaf, in the order of the later one; what was removed stands where it
 * was. A change of type alone is a change.
 */
export function diffRecords(before: readonly Leaf[], after: readonly Leaf[]): Change[] {
  const earlier = new Map(before.map((leaf) => [leaf.path, leaf]));
  const later = new Set(after.map(({ path }) => path));
  const changes: Change[] = [];
  let at = 0;
  const isRemoved = (leaf: Leaf | undefined): leaf is Leaf => leaf !== undefined && !later.has(leaf.path);
  const removedUpTo = (end: number): void => {
    for (; at < end; at++) {
      const leaf = before[at];
      if (isRemoved(leaf)) changes.push({ mark: '-', path: leaf.path, before: valueOf(leaf) });
    }
  };
  for (const leaf of after) {
    const old = earlier.get(leaf.path);
    if (old === undefined) {
      // What it takes the place of, as after a renaming, comes first.
      while (isRemoved(before[at])) removedUpTo(at + 1);
      changes.push({ mark: '+', path: leaf.path, after: valueOf(leaf) });
      continue;
    }
    removedUpTo(before.indexOf(old) + 1);
    changes.push({
      mark: isSame(old, leaf) ? '=' : '~',
      path: leaf.path,
      before: valueOf(old),
      after: valueOf(leaf),
    });
  }
  removedUpTo(before.length);
  return changes;
}

const valueOf = ({ value, type }: Leaf): LeafValue => ({ value, type });

const isSame = (a: Leaf, b: Leaf): boolean =>
  a.type === b.type && canonicalJson(a.value) === canonicalJson(b.value);
