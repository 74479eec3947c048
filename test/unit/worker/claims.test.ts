import { describe, expect, it } from 'vitest';
import { ConnectError } from '../../../lib/api/errors.ts';
import type { OffsetMap } from '../../../lib/api/record.ts';
import { deadlineIn } from '../../../lib/foundation/deadline.ts';
import { seededRandom } from '../../../lib/foundation/random.ts';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import type { Table } from '../../../lib/storage/table.ts';
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts';
import { TransactionalOffsets } from '../../../lib/worker/exactly-once/transactional-offsets.ts';
import { RunOffsets } from '../../../lib/worker/run-offsets.ts';

/** A table whose first write fails at once, while the second is under way until it is let go. */
function slowTable() {
  const table = memoryTable();
  const slow = Promise.withResolvers<void>();
  let writes = 0;
  const mixed: Table = {
    get: (...given) => table.get(...given),
    query: (...given) => table.query(...given),
    put: (...given) => table.put(...given),
    delete: (...given) => table.delete(...given),
    update: async (...given) => {
      if (++writes === 1) throw new ConnectError('the table is down', { retriable: true });
      await slow.promise;
      return table.update(...given);
    },
  };
  return { state: clusterState(mixed), letGo: slow.resolve };
}

const partitions: readonly OffsetMap[] = [{ table: 'a' }, { table: 'b' }];
const clock = new VirtualClock();
const random = seededRandom(1);

describe.each([
  [
    'at least once',
    ({ state }: ReturnType<typeof slowTable>) =>
      new RunOffsets({ connector: 'c', epoch: 3, claimsOnRead: true, offsets: state.offsets, clock, random }),
  ],
  [
    'exactly once',
    ({ state }: ReturnType<typeof slowTable>) =>
      new TransactionalOffsets({
        target: { connector: 'c', epoch: 3, topic: 'offsets', partitions: 1 },
        log: { find: async () => new Map() },
        trusted: true,
        state,
        clock,
        random,
        call: { deadline: deadlineIn(60_000, clock) },
      }),
  ],
])('claims of a run that delivers %s', (_, offsetsOf) => {
  it('are over, all of them, when one has failed: none goes on behind a run that has ended', async () => {
    const table = slowTable();
    let outcome: unknown;
    const claims = offsetsOf(table)
      .getAll(partitions)
      .catch((error: unknown) => (outcome = error));
    await new Promise((resolve) => setImmediate(resolve));
    expect(outcome).toBe(undefined);
    table.letGo();
    await claims;
    expect(outcome).toMatchObject({ message: 'the table is down' });
  });
});
