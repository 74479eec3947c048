import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignPartitions } from '../../../lib/coordinator/assignment.ts';

const spread = (topics: number, partitions: number) =>
  Array.from({ length: topics }, (_, t) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic: `t${t}`, partition })),
  ).flat();
const flat = (assignments: ReturnType<typeof assignPartitions>) =>
  assignments.map((a) => Object.entries(a).flatMap(([topic, ps]) => ps.map((p) => `${topic}-${p}`)));

describe('assignPartitions', () => {
  it('gives every partition to exactly one task, evenly, whatever was there before', () => {
    fc.assert(
      fc.property(
        fc.nat(4),
        fc.nat(6),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (topics, partitions, before, now) => {
          const all = spread(topics, partitions);
          const dealt = flat(assignPartitions(all, now, assignPartitions(all, before, [])));
          expect(dealt.flat().sort()).toEqual(
            all.map(({ topic, partition }) => `${topic}-${partition}`).sort(),
          );
          const sizes = dealt.map((list) => list.length);
          expect(dealt.length).toBe(Math.min(now, all.length));
          if (sizes.length > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('moves nothing when nothing has changed, and little when a partition is added', () => {
    const before = assignPartitions(spread(2, 4), 3, []);
    expect(assignPartitions(spread(2, 4), 3, before)).toEqual(before);
    const after = flat(assignPartitions([...spread(2, 4), { topic: 'new', partition: 0 }], 3, before));
    const kept = flat(before).map((list, i) => list.filter((p) => after[i]?.includes(p)).length);
    expect(kept).toEqual(before.map((a) => Object.values(a).flat().length));
  });
});
