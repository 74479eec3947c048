import { ConnectError } from '../api/errors.ts';
import type { OffsetMap } from '../api/record.ts';
import { canonicalJson } from '../foundation/json/stringify-exact.ts';
import { historyMs } from '../storage/items/offset-history.ts';
import { partitionId } from '../storage/items/offsets.ts';
import type { StoredPosition } from '../storage/items/stored-position.ts';

export interface OffsetsThen {
  readonly stored: readonly StoredPosition[];
  readonly kept: readonly StoredPosition[];
  readonly now: number;
}

/**
 * What has to be changed so that every partition is where it was at `time`: at the latest position known to have been
 * stored by then. The history keeps a position every ten minutes at most, so that it may be a little earlier than the one
 * in force at that moment, and never later. Those that are there already are left out: what a page was stored for may have
 * been another of its partitions.
 */
export function offsetsAt(
  time: number,
  { stored, kept, now }: OffsetsThen,
): { partition: OffsetMap; offset: OffsetMap | null }[] {
  if (time > now || time < now - historyMs) {
    throw new ConnectError(
      `Offsets can be set back to a time of the last ${historyMs / 86_400_000} days, not to ${new Date(time).toISOString()}`,
      { code: 'BAD_REQUEST' },
    );
  }
  const history = Map.groupBy(kept, ({ partition }) => partitionId(partition));
  return stored.flatMap((current) => {
    if (current.storedAt === 0 || current.storedAt <= time) return [];
    const before = (history.get(partitionId(current.partition)) ?? []).filter(
      ({ storedAt }) => storedAt <= time,
    );
    const then = before.toSorted((a, b) => b.storedAt - a.storedAt)[0];
    const offset = then?.offset ?? null;
    return isSame(current.offset, offset) ? [] : [{ partition: current.partition, offset }];
  });
}

const isSame = (a: OffsetMap | null, b: OffsetMap | null): boolean =>
  a === b || (a !== null && b !== null && canonicalJson(a) === canonicalJson(b));
