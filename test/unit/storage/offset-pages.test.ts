import { describe, expect, it } from 'vitest';
import { expressions } from '../../../lib/storage/dynamodb/expression.ts';
import { guardFormat } from '../../../lib/storage/items/format-guard.ts';
import { OffsetHistory } from '../../../lib/storage/items/offset-history.ts';
import { type OffsetPage, pageOf, partitionsAPage } from '../../../lib/storage/items/offset-page.ts';
import { OffsetPages } from '../../../lib/storage/items/offset-pages.ts';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import type { Table } from '../../../lib/storage/table.ts';
import { describeOffsetPages } from './offset-pages-suite.ts';

describeOffsetPages('memory', async () => ({ table: memoryTable() }));

const operators = (text: string): number => text.match(/AND|OR|<=|=|attribute_\w+/g)?.length ?? 0;

describe('pages of offsets', () => {
  it('never ask more of DynamoDB than an expression may have', async () => {
    const asked: { condition: string; update: string }[] = [];
    const inner = memoryTable();
    const table: Table = {
      ...inner,
      update: (key, update, options) => {
        const { ConditionExpression: condition = '', UpdateExpression = '' } = expressions(
          options?.if,
          update,
        );
        asked.push({ condition, update: UpdateExpression });
        return inner.update(key, update, options);
      },
    };
    const guarded = guardFormat(table);
    const pages = new OffsetPages(guarded, new OffsetHistory(guarded));
    const all = Array.from({ length: partitionsAPage }, (_, n) => 199_968 + n);
    const id = pageOf('t', 199_968);
    const epoch = 999_999;
    let page: OffsetPage = await pages.claim('c', id, all, epoch);
    for (const offset of [10n ** 18n, 2n * 10n ** 18n, 1n, 2n, null])
      page = await pages.commit('c', page, new Map(all.map((n) => [n, offset])), { epoch, now: 1 });
    expect(page.slots.size).toBe(partitionsAPage);
    expect(asked).toHaveLength(6);
    for (const { condition, update } of asked) {
      expect(Math.max(condition.length, update.length)).toBeLessThan(4_096);
      expect(Math.max(operators(condition), operators(update))).toBeLessThan(300);
    }
    const longest = Math.max(...asked.map(({ condition }) => condition.length));
    const most = Math.max(...asked.map(({ condition }) => operators(condition)));
    // As lib/storage/items/page-conditions.ts has it, and the condition on the format.
    expect(longest).toBeGreaterThan(2_300);
    expect(most).toBe(32 * 6 - 1 + 4);
  });
});
