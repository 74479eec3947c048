import { describe, expect, it } from 'vitest';
import { memoryTable } from '../../../lib/storage/memory/memory-table.ts';
import { type Death, mortalTable } from './mortal-table.ts';

describe('mortalTable', () => {
  /** Writes an item of a connector and one of a task in turns until it dies; answers what is stored then. */
  async function writesBefore(death: Death): Promise<string[]> {
    const memory = memoryTable();
    const { table, arrange } = mortalTable(memory, () => {
      throw new Error('dead');
    });
    await table.put({ pk: 'connectors', sk: '0' });
    arrange(death);
    try {
      for (let n = 1; n < 10; n++) {
        await table.put({ pk: 'connectors', sk: String(n) });
        await table.put({ pk: 'connector#c', sk: String(n) });
      }
    } catch (error) {
      if (!String(error).includes('dead')) throw error;
    }
    const items = await Promise.all(['connectors', 'connector#c'].map((pk) => memory.query(pk)));
    return items.flat().map(({ pk, sk }) => `${pk} ${sk}`);
  }

  it.each<[string, Death, string[]]>([
    [
      'before a write, which is not made',
      { writes: 2, counting: 'all', when: 'before' },
      ['connectors 0', 'connectors 1'],
    ],
    [
      'after a write, whose answer nobody sees',
      { writes: 2, counting: 'all', when: 'after' },
      ['connectors 0', 'connectors 1', 'connector#c 1'],
    ],
    [
      'at a write of the work, whatever bookkeeping there is between',
      { writes: 2, counting: 'steps', when: 'before' },
      ['connectors 0', 'connectors 1', 'connectors 2', 'connector#c 1'],
    ],
  ])('dies %s', async (_, death, stored) => {
    expect(await writesBefore(death)).toEqual(stored);
  });
});
