import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterState } from '../../../lib/storage/items/cluster-state.ts';
import { pageOf, partitionsAPage } from '../../../lib/storage/items/offset-page.ts';
import { OffsetPages } from '../../../lib/storage/items/offset-pages.ts';
import type { Table } from '../../../lib/storage/table.ts';
import type { TableUnderTest } from '../../../lib/testing/table-suite.ts';

const minute = 60_000;
const all = Array.from({ length: partitionsAPage }, (_, n) => n);
const to = (...changes: readonly (readonly [number, bigint | null])[]) => new Map(changes);

/** What pages of offsets must do on every table. */
export function describeOffsetPages(name: string, setup: () => Promise<TableUnderTest>): void {
  describe(`pages of offsets: ${name}`, () => {
    let table: Table;
    let subject: TableUnderTest;
    let pages: OffsetPages;
    let connectors = 0;
    beforeAll(async () => {
      subject = await setup();
      table = subject.table;
      ({ offsetPages: pages } = clusterState(table));
    });
    afterAll(() => subject?.close?.());
    const fresh = (): string => `c${connectors++}`;
    const offsets = async (connector: string) =>
      Object.fromEntries(
        (await pages.list(connector)).map(({ partition, offset }) => [
          partition['kafka_partition'],
          offset?.['kafka_offset'] ?? null,
        ]),
      );

    it('are one item for 32 partitions of a topic, which tells who owns which and where it is', async () => {
      const c = fresh();
      const page = await pages.claim(c, pageOf('t', 40), [40, 33], 7);
      await pages.commit(c, page, to([40, 2n ** 63n - 1n]), { epoch: 7, now: minute });
      expect(await table.query(`offsets#${c}`)).toEqual([
        {
          pk: `offsets#${c}`,
          sk: 'topic#t#000032',
          topic: 't',
          e33: 7,
          e40: 7,
          o40: '9223372036854775807',
          updatedAt: '1970-01-01T00:01:00.000Z',
          format: 1,
        },
      ]);
      expect(await pages.list(c)).toEqual([
        { partition: { kafka_topic: 't', kafka_partition: 33 }, offset: null, storedAt: minute },
        {
          partition: { kafka_topic: 't', kafka_partition: 40 },
          offset: { kafka_offset: 9223372036854775807n },
          storedAt: minute,
        },
      ]);
    });

    it('are claimed by two tasks, each its own partitions: neither disturbs the other', async () => {
      const c = fresh();
      const id = pageOf('t', 0);
      const first = await pages.claim(c, id, [0, 1], 3);
      const second = await pages.claim(c, id, [2], 2);
      const later = await pages.commit(c, first, to([0, 10n], [1, 11n]), { epoch: 3, now: 1 });
      await pages.commit(c, second, to([2, 12n]), { epoch: 2, now: 2 });
      await pages.commit(c, later, to([1, 21n]), { epoch: 3, now: 3 });
      expect(await offsets(c)).toEqual({ 0: 10, 1: 21, 2: 12 });
    });

    it('are claimed all or none: FENCED says which partition, and which run owns it', async () => {
      const c = fresh();
      const id = pageOf('t', 0);
      await pages.claim(c, id, [1], 6);
      await expect(pages.claim(c, id, [0, 1], 5)).rejects.toMatchObject({
        code: 'FENCED',
        message: `Run 5 of connector ${c} no longer owns the offset of {"kafka_partition":1,"kafka_topic":"t"}: run 6 does`,
      });
      // Partition 0 is still everybody's.
      await pages.claim(c, id, [0], 4);
    });

    it("refuse a zombie's commit after a later claim of one of its partitions, and leave the others alone", async () => {
      const c = fresh();
      const id = pageOf('t', 0);
      const zombie = await pages.claim(c, id, [0, 1], 3);
      const other = await pages.claim(c, id, [2], 4);
      await pages.commit(c, other, to([2, 5n]), { epoch: 4, now: 1 });
      await pages.claim(c, id, [1], 5);
      await expect(pages.commit(c, zombie, to([0, 9n], [1, 9n]), { epoch: 3, now: 2 })).rejects.toMatchObject(
        { code: 'FENCED', message: expect.stringContaining('run 5 does') },
      );
      expect(await offsets(c)).toEqual({ 0: null, 1: null, 2: 5 });
    });

    it('know a commit that was applied when it is sent again, also when another task has written since', async () => {
      const c = fresh();
      const id = pageOf('t', 0);
      const mine = await pages.claim(c, id, [0], 3);
      const theirs = await pages.claim(c, id, [1], 4);
      const commit = () => pages.commit(c, mine, to([0, 7n]), { epoch: 3, now: 1 });
      await commit();
      await pages.commit(c, theirs, to([1, 8n]), { epoch: 4, now: 2 });
      const again = await commit();
      expect(again.slots.get(0)).toEqual({ epoch: 3, offset: 7n, turns: 0 });
      expect(await offsets(c)).toEqual({ 0: 7, 1: 8 });
    });

    it('refuse a write that comes late, also when the offset is back where it was then', async () => {
      const c = fresh();
      const id = pageOf('t', 0);
      const at = { epoch: 3, now: 1 };
      const begun = await pages.claim(c, id, [0], 3);
      const at5 = await pages.commit(c, begun, to([0, 5n]), at);
      const at9 = await pages.commit(c, at5, to([0, 9n]), at);
      await pages.commit(c, at9, to([0, 5n]), at);
      const late = pages.commit(c, at5, to([0, 9n]), at);
      await expect(late).rejects.toMatchObject({
        retriable: true,
        message: `The offsets of topic t are not what run 3 of connector ${c} has seen`,
      });
      expect(await offsets(c)).toEqual({ 0: 5 });
    });

    it('forget a deleted offset, and remember whose it is', async () => {
      const c = fresh();
      const begun = await pages.claim(c, pageOf('t', 0), [0, 1], 3);
      const stored = await pages.commit(c, begun, to([0, 5n], [1, 6n]), { epoch: 3, now: 1 });
      await pages.commit(c, stored, to([0, null]), { epoch: 3, now: 2 });
      expect(await offsets(c)).toEqual({ 0: null, 1: 6 });
      await expect(pages.claim(c, pageOf('t', 0), [0], 2)).rejects.toMatchObject({ code: 'FENCED' });
    });

    it('hold 32 partitions of the longest topic name: claimed, committed from nothing, onward and back', async () => {
      const c = fresh();
      const topic = 'x'.repeat(249);
      let page = await pages.claim(c, pageOf(topic, 0), all, 999_999);
      const at = (offset: bigint) => new Map(all.map((n) => [n, offset + BigInt(n)]));
      for (const offset of [1_000_000_000_000n, 2_000_000_000_000n, 1_500_000_000_000n, 1_600_000_000_000n])
        page = await pages.commit(c, page, at(offset), { epoch: 999_999, now: 1 });
      page = await pages.commit(c, page, new Map(all.map((n) => [n, null])), { epoch: 999_999, now: 1 });
      expect(new Set(Object.values(await offsets(c)))).toEqual(new Set([null]));
      const claimedAgain = await pages.claim(c, pageOf(topic, 0), all, 1_000_000);
      expect([...claimedAgain.slots.values()].every(({ epoch }) => epoch === 1_000_000)).toBe(true);
      await expect(pages.commit(c, page, at(1n), { epoch: 999_999, now: 2 })).rejects.toMatchObject({
        code: 'FENCED',
      });
    });

    it('stay as they are when a newer version has written them', async () => {
      const c = fresh();
      const page = await pages.claim(c, pageOf('t', 0), [0], 3);
      await table.update({ pk: `offsets#${c}`, sk: 'topic#t#000000' }, { set: { format: 2 } });
      const refused = { code: 'FORMAT' };
      await expect(pages.list(c)).rejects.toMatchObject(refused);
      await expect(pages.claim(c, pageOf('t', 0), [0], 4)).rejects.toMatchObject(refused);
      await expect(pages.commit(c, page, to([0, 1n]), { epoch: 3, now: 1 })).rejects.toMatchObject(refused);
    });
  });
}
