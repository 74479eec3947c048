import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attribute, Condition, Item, Key, Table } from '../storage/table.ts';

export interface TableUnderTest {
  readonly table: Table;
  close?(): Promise<void>;
}

/**
 * What every table must do: run it on each adapter. `setup` is called once; every test works in a partition of its
 * own, so the table need not be empty.
 */
export function describeTable(name: string, setup: () => Promise<TableUnderTest>): void {
  describe(`table: ${name}`, () => {
    let subject: TableUnderTest;
    let partitions = 0;
    beforeAll(async () => {
      subject = await setup();
    });
    afterAll(async () => {
      await subject?.close?.();
    });
    const context: SuiteContext = {
      table: () => subject.table,
      key: (sk = 'item') => ({ pk: `suite#${process.pid}#${partitions++}`, sk }),
    };
    describeReads(context);
    describeConditions(context);
    describeUpdates(context);
    describeTokens(context);
    describeRaces(context);
    describeDeletes(context);
  });
}

interface SuiteContext {
  readonly table: () => Table;
  /** A key in a partition no other test uses. */
  readonly key: (sk?: string) => Key;
}

function describeReads({ table, key }: SuiteContext): void {
  it('answers undefined for an item that does not exist', async () => {
    expect(await table().get(key())).toBeUndefined();
  });

  const values: Record<string, Attribute> = {
    text: 'plain',
    emptyText: '',
    unicode: 'Grüße, 漢字 and 🦦',
    json: '{"table":"orders","id":7}',
    zero: 0,
    negative: -1,
    fraction: 0.1,
    largestSafeInteger: Number.MAX_SAFE_INTEGER,
    milliseconds: 1_764_000_000_000,
    yes: true,
    no: false,
    nothing: null,
    emptyList: [],
    list: ['a', 1, null, [true, { deep: 'x' }]],
    emptyMap: {},
    map: { 'connector.class': 'Some', nested: { n: 1.5, nothing: null } },
  };
  it.each(Object.entries(values))('gives back what was put: %s', async (name, value) => {
    const item = { ...key(), [name]: value };
    expect(await table().put(item)).toEqual({ applied: true, item });
    expect(await table().get(item)).toStrictEqual(item);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined])(
    'refuses what no table can store: %s',
    async (value) => {
      const item = { ...key(), value: value as Attribute };
      await expect(async () => table().put(item)).rejects.toThrow(/which a table cannot store/);
      expect(await table().get(item)).toBeUndefined();
    },
  );

  it('replaces the whole item with a put', async () => {
    const at = key();
    await table().put({ ...at, old: 1, kept: 'a' });
    await table().put({ ...at, kept: 'b' });
    expect(await table().get(at)).toStrictEqual({ ...at, kept: 'b' });
  });

  it('keeps what it stored when the caller changes his object later', async () => {
    const at = key();
    const nested = { list: [1] };
    await table().put({ ...at, nested });
    nested.list.push(2);
    expect(await table().get(at)).toStrictEqual({ ...at, nested: { list: [1] } });
  });

  it('returns all items of a partition in the byte order of their sort keys, and no others', async () => {
    const { pk } = key();
    // The last two change places where UTF-16 units are compared instead of bytes.
    const sortKeys = ['run', 'run#000000000002', 'run#000000000010', 'task#1', 'zürich', '\uffee', '🦦'];
    for (const sk of sortKeys.toReversed()) await table().put({ pk, sk });
    await table().put({ ...key('run#1') });
    expect((await table().query(pk)).map((item) => item.sk)).toEqual(sortKeys);
    expect((await table().query(pk, 'run#')).map((item) => item.sk)).toEqual([
      'run#000000000002',
      'run#000000000010',
    ]);
    expect(await table().query(pk, 'nothing')).toEqual([]);
    expect((await table().query(pk, '', { from: 'run#000000000010' })).map((item) => item.sk)).toEqual(
      sortKeys.slice(2),
    );
    expect((await table().query(pk, '', { from: 'run#000000000003' })).map((item) => item.sk)).toEqual(
      sortKeys.slice(2),
    );
  });

  it('follows the pages of a query that is larger than one answer', async () => {
    const { pk } = key();
    const sortKeys = Array.from({ length: 15 }, (_, n) => `item#${String(n).padStart(3, '0')}`);
    await Promise.all(sortKeys.map((sk) => table().put({ pk, sk, filler: 'x'.repeat(100_000) })));
    const items = await table().query(pk, 'item#');
    expect(items.map((item) => item.sk)).toEqual(sortKeys);
  });

  it('rejects with the reason of a signal that was aborted', async () => {
    const reason = new Error('the run is over');
    const signal = AbortSignal.abort(reason);
    const at = key();
    await expect(table().get(at, { signal })).rejects.toBe(reason);
    await expect(table().query(at.pk, '', { signal })).rejects.toBe(reason);
    await expect(table().put({ ...at }, { signal })).rejects.toBe(reason);
    await expect(table().update(at, { set: { a: 1 } }, { signal })).rejects.toBe(reason);
    await expect(table().delete(at, { signal })).rejects.toBe(reason);
    expect(await table().get(at)).toBeUndefined();
  });
}

function describeConditions({ table, key }: SuiteContext): void {
  const stored = { epoch: 7, phase: 'RUNNING', released: false, nothing: null, text: '7' };
  const cases: [condition: Condition, onStored: boolean, onNone: boolean][] = [
    [{ exists: 'epoch' }, true, false],
    [{ exists: 'nothing' }, true, false],
    [{ exists: 'other' }, false, false],
    [{ absent: 'epoch' }, false, true],
    [{ absent: 'pk' }, false, true],
    [{ absent: 'other' }, true, true],
    [{ equals: ['epoch', 7] }, true, false],
    [{ equals: ['epoch', 8] }, false, false],
    [{ equals: ['text', 7] }, false, false],
    [{ equals: ['phase', 'RUNNING'] }, true, false],
    [{ equals: ['released', false] }, true, false],
    [{ equals: ['released', true] }, false, false],
    [{ equals: ['other', 1] }, false, false],
    [{ in: ['phase', ['RUNNING', 'DRAINING']] }, true, false],
    [{ in: ['phase', ['RUNNING']] }, true, false],
    [{ in: ['phase', ['DONE', 'DEAD']] }, false, false],
    [{ in: ['phase', []] }, false, false],
    [{ less: ['epoch', 8] }, true, false],
    [{ less: ['epoch', 7] }, false, false],
    [{ less: ['text', 8] }, false, false],
    [{ less: ['other', 8] }, false, false],
    [{ more: ['epoch', 6] }, true, false],
    [{ more: ['epoch', 7] }, false, false],
    [{ more: ['text', 6] }, false, false],
    [{ atMost: ['epoch', 7] }, true, false],
    [{ atMost: ['epoch', 6] }, false, false],
    [{ atMost: ['epoch', 10] }, true, false],
    [{ all: [{ exists: 'epoch' }, { equals: ['phase', 'RUNNING'] }] }, true, false],
    [{ all: [{ exists: 'epoch' }, { equals: ['phase', 'DONE'] }] }, false, false],
    [{ all: [] }, true, true],
    [{ any: [{ absent: 'epoch' }, { atMost: ['epoch', 7] }] }, true, true],
    [{ any: [{ absent: 'epoch' }, { atMost: ['epoch', 6] }] }, false, true],
    [{ any: [] }, false, false],
    [{ any: [{ all: [{ any: [{ exists: 'epoch' }] }] }] }, true, false],
    [
      { all: [{ less: ['epoch', 9] }, { any: [{ equals: ['released', true] }, { in: ['epoch', [5, 7]] }] }] },
      true,
      false,
    ],
  ];
  const named = cases.map(([condition, ...rest]) => [JSON.stringify(condition), condition, ...rest] as const);

  it.each(named)(
    'applies a write only where the condition holds: %s',
    async (_, condition, onStored, onNone) => {
      const at = key();
      await table().put({ ...at, ...stored });
      const refused = { applied: false, item: { ...at, ...stored } };
      const put = await table().put({ ...at, ...stored, round: 1 }, { if: condition });
      expect(put).toEqual(onStored ? { applied: true, item: { ...at, ...stored, round: 1 } } : refused);
      const updated = await table().update(at, { set: { round: 2 } }, { if: condition });
      expect(updated).toEqual(onStored ? { applied: true, item: { ...at, ...stored, round: 2 } } : refused);

      const none = key();
      const created = await table().update(none, { set: { round: 3 } }, { if: condition });
      expect(created).toEqual(onNone ? { applied: true, item: { ...none, round: 3 } } : { applied: false });
      expect(await table().get(none)).toEqual(onNone ? { ...none, round: 3 } : undefined);
    },
  );
}

function describeUpdates({ table, key }: SuiteContext): void {
  it('creates an item with an update', async () => {
    const at = key();
    const item = { ...at, owner: 'me', count: 2 };
    expect(await table().update(at, { set: { owner: 'me' }, add: { count: 2 } })).toEqual({
      applied: true,
      item,
    });
    expect(await table().get(at)).toStrictEqual(item);
  });

  it('sets, adds and removes at once, leaves the rest, and returns the whole item', async () => {
    const at = key();
    await table().put({ ...at, changed: 1, counted: 5, removed: 'x', kept: { a: 1 } });
    const result = await table().update(at, {
      set: { changed: 'two' },
      add: { counted: -2, fresh: 0 },
      remove: ['removed', 'neverThere'],
    });
    expect(result).toEqual({
      applied: true,
      item: { ...at, changed: 'two', counted: 3, fresh: 0, kept: { a: 1 } },
    });
  });

  it('takes reserved words and special characters as attribute names', async () => {
    const at = key();
    const odd = {
      status: 1,
      state: 's',
      owner: 2,
      name: 'n',
      size: 3,
      values: [1],
      token: 't',
      ttl: 9,
      'a.b': 1,
      'a-b': 2,
      'ä b': 3,
    };
    const condition: Condition = { all: Object.keys(odd).map((name) => ({ absent: name })) };
    const result = await table().update(at, { set: odd }, { if: condition });
    expect(result).toEqual({ applied: true, item: { ...at, ...odd } });
  });

  it('uses one attribute in a condition and in the change', async () => {
    const at = key();
    await table().put({ ...at, epoch: 3 });
    const result = await table().update(at, { set: { epoch: 4 } }, { if: { atMost: ['epoch', 4] } });
    expect(result).toEqual({ applied: true, item: { ...at, epoch: 4 } });
  });
}

function describeTokens({ table, key }: SuiteContext): void {
  const once = { if: { equals: ['version', 0] } } as const;

  it('recognises an update that was applied and is sent again', async () => {
    const at = key();
    await table().put({ ...at, version: 0 });
    const commit = () => table().update(at, { set: { version: 1 } }, { ...once, token: 'mine' });
    const applied = { applied: true, item: { ...at, version: 1, writeToken: 'mine' } };
    expect(await commit()).toEqual(applied);
    expect(await commit()).toEqual(applied);
  });

  it('recognises a put that was applied and is sent again', async () => {
    const item: Item = { ...key(), value: 1 };
    const create = () => table().put(item, { if: { absent: 'pk' }, token: 'mine' });
    const applied = { applied: true, item: { ...item, writeToken: 'mine' } };
    expect(await create()).toEqual(applied);
    expect(await create()).toEqual(applied);
  });

  it('refuses a write with a token when another write came first', async () => {
    const at = key();
    await table().put({ ...at, version: 0 });
    await table().update(at, { set: { version: 1 } }, { ...once, token: 'theirs' });
    const late = await table().update(at, { set: { version: 1 } }, { ...once, token: 'mine' });
    expect(late).toEqual({ applied: false, item: { ...at, version: 1, writeToken: 'theirs' } });
  });

  it('refuses a repeated write without a token', async () => {
    const at = key();
    await table().put({ ...at, version: 0 });
    await table().update(at, { set: { version: 1 } }, once);
    expect(await table().update(at, { set: { version: 1 } }, once)).toEqual({
      applied: false,
      item: { ...at, version: 1 },
    });
  });

  it('still recognises a write after another one without a token changed the item', async () => {
    const at = key();
    await table().put({ ...at, version: 0 });
    await table().update(at, { set: { version: 1 } }, { ...once, token: 'mine' });
    await table().update(at, { set: { other: true } });
    const again = await table().update(at, { set: { version: 1 } }, { ...once, token: 'mine' });
    expect(again).toEqual({ applied: true, item: { ...at, version: 1, other: true, writeToken: 'mine' } });
  });
}

function describeRaces({ table, key }: SuiteContext): void {
  const racers = Array.from({ length: 20 }, (_, n) => n);

  it('counts every one of many additions at the same time', async () => {
    const at = key();
    const results = await Promise.all(racers.map(() => table().update(at, { add: { epoch: 1 } })));
    const epochs = results.map((result) => result.item?.['epoch']);
    expect(new Set(epochs)).toEqual(new Set(racers.map((n) => n + 1)));
  });

  it('lets one of many claims at the same time win, and shows the others the winner', async () => {
    const at = key();
    await table().put({ ...at, phase: 'GRANTED' });
    const results = await Promise.all(
      racers.map((n) =>
        table().update(
          at,
          { set: { phase: 'STANDBY', by: n } },
          { if: { equals: ['phase', 'GRANTED'] }, token: `racer ${n}` },
        ),
      ),
    );
    const winners = racers.filter((n) => results[n]?.applied);
    expect(winners).toHaveLength(1);
    expect(results.map((result) => result.item?.['by'])).toEqual(racers.map(() => winners[0]));
  });
}

function describeDeletes({ table, key }: SuiteContext): void {
  it('deletes an item', async () => {
    const at = key();
    await table().put({ ...at, a: 1 });
    expect(await table().delete(at)).toEqual({ applied: true });
    expect(await table().get(at)).toBeUndefined();
    expect(await table().query(at.pk)).toEqual([]);
  });

  it('deletes only where the condition holds', async () => {
    const at = key();
    await table().put({ ...at, a: 1 });
    expect(await table().delete(at, { if: { equals: ['a', 2] } })).toEqual({ applied: false });
    expect(await table().get(at)).toBeDefined();
    expect(await table().delete(at, { if: { equals: ['a', 1] } })).toEqual({ applied: true });
  });

  it('takes the deletion of an item that does not exist as done, unless the condition needs it', async () => {
    expect(await table().delete(key())).toEqual({ applied: true });
    expect(await table().delete(key(), { if: { exists: 'a' } })).toEqual({ applied: false });
  });
}
