import { describe, expect, it } from 'vitest';
import { chooseTables } from '../../../../../lib/connectors/core/sql/choose-tables.ts';
import {
  pageStatement,
  tieStatement,
  type KeysetSource,
} from '../../../../../lib/connectors/core/sql/keyset-query.ts';
import { decodePosition, encodePosition } from '../../../../../lib/connectors/core/sql/offset-codec.ts';
import { parsePostgresUrl } from '../../../../../lib/connectors/core/sql/postgres/postgres-url.ts';
import { parseTableIds, quotedName } from '../../../../../lib/connectors/core/sql/table-id.ts';
import { groupPartitions } from '../../../../../lib/connectors/core/polling/group-partitions.ts';

describe('keyset statements', () => {
  const source = (keys: KeysetSource['keys'], suffix = ''): KeysetSource => ({
    from: '"t"',
    keys,
    suffix,
    placeholder: (i) => `$${i}`,
  });
  const counted = { timestamps: [], incrementing: '"id"' };
  const timed = { timestamps: ['"ts"'], incrementing: null };
  const exact = { timestamps: ['"ts"'], incrementing: '"id"' };
  const none = { timestamp: null, incrementing: null };

  it.each([
    [
      'a table never read',
      counted,
      { after: none, until: { timestamp: null, incrementing: 9 } },
      { sql: 'SELECT * FROM "t" WHERE "id" <= $1 ORDER BY "id" LIMIT 2', parameters: [9] },
    ],
    [
      'by number',
      counted,
      { after: { timestamp: null, incrementing: 5 }, until: { timestamp: null, incrementing: 9 } },
      { sql: 'SELECT * FROM "t" WHERE "id" > $1 AND "id" <= $2 ORDER BY "id" LIMIT 2', parameters: [5, 9] },
    ],
    [
      'by time',
      timed,
      { after: { timestamp: 'a', incrementing: null }, until: { timestamp: 'z', incrementing: null } },
      {
        sql: 'SELECT * FROM "t" WHERE "ts" > $1 AND "ts" < $2 ORDER BY "ts" LIMIT 2',
        parameters: ['a', 'z'],
      },
    ],
    [
      'by both',
      exact,
      { after: { timestamp: 'a', incrementing: 5 }, until: { timestamp: 'z', incrementing: null } },
      {
        sql: 'SELECT * FROM "t" WHERE "ts" >= $1 AND ("ts" > $2 OR "id" > $3) AND "ts" < $4 ORDER BY "ts", "id" LIMIT 2',
        parameters: ['a', 'a', 5, 'z'],
      },
    ],
  ])('page %s', (_, keys, bounds, expected) => {
    expect(pageStatement(source(keys), { ...bounds, limit: 2 })).toEqual(expected);
  });

  it('cut the page around a suffix', () => {
    const { sql } = pageStatement(source(counted, 'LIMIT 1'), { after: none, until: none, limit: 2 });
    expect(sql).toBe(
      'SELECT * FROM (SELECT * FROM "t" WHERE "id" <= $1 ORDER BY "id" LIMIT 1) page ORDER BY "id" LIMIT 2',
    );
  });

  it('find the rows of one timestamp of several columns', () => {
    const { sql } = tieStatement(source({ timestamps: ['"a"', '"b"'], incrementing: null }), 'x');
    expect(sql).toBe('SELECT * FROM "t" WHERE COALESCE("a", "b") = $1');
  });
});

describe('table names', () => {
  it.each([
    [{ catalog: null, schema: null, name: 't' }, '"t"'],
    [{ catalog: 'db', schema: 'public', name: 'orders' }, '"db"."public"."orders"'],
    [{ catalog: null, schema: 'a.b', name: 'c,"d" e' }, '"a.b"."c,""d"" e"'],
  ])('survive a task config: %o', (table, quoted) => {
    expect(quotedName(table)).toBe(quoted);
    expect(parseTableIds(`${quoted},"other",${quoted}`)).toEqual([
      table,
      { catalog: null, schema: null, name: 'other' },
      table,
    ]);
  });

  it('may stand there unquoted', () => {
    expect(parseTableIds('public.a, b')).toEqual([
      { catalog: null, schema: 'public', name: 'a' },
      { catalog: null, schema: null, name: 'b' },
    ]);
    expect(parseTableIds('')).toEqual([]);
  });

  it('are chosen whole, never by a part of them', () => {
    const tables = ['orders', 'orders_old'].map((name) => ({ catalog: 'db', schema: 'public', name }));
    const choice = { whitelist: [], blacklist: [], include: ['orders'], exclude: [] };
    expect(chooseTables(tables, choice).map(({ name }) => name)).toEqual(['orders']);
  });
});

describe('table offsets', () => {
  it.each([
    [null, null, null],
    [{}, null, null],
    [{ incrementing: 5 }, null, 5n],
    [{ incrementing: '9223372036854775807' }, null, 9_223_372_036_854_775_807n],
    [{ timestamp: 1_700_000_000_123 }, { ms: 1_700_000_000_123, nanos: 123_000_000 }, null],
    [{ timestamp: -1 }, { ms: -1, nanos: 999_000_000 }, null],
    [
      { timestamp: 1_700_000_000_123, timestamp_nanos: 123_456_789, incrementing: 1n },
      { ms: 1_700_000_000_123, nanos: 123_456_789 },
      1n,
    ],
  ])('are read from %o', (offset, timestamp, incrementing) => {
    expect(decodePosition(offset)).toEqual({ timestamp, incrementing });
  });

  it('come back as they were', () => {
    const position = { timestamp: { ms: 1_700_000_000_123, nanos: 123_456_789 }, incrementing: 7n };
    expect(decodePosition(encodePosition(position))).toEqual(position);
    expect(encodePosition({ timestamp: null, incrementing: null })).toEqual({});
  });

  it('that are no integers are refused', () => {
    expect(() => decodePosition({ incrementing: 1.5 })).toThrow(/must be an integer, but it is 1.5/);
  });
});

describe('PostgreSQL URLs', () => {
  it.each([
    [
      'jdbc:postgresql://db/shop',
      { host: 'db', port: 5432, database: 'shop', user: null, password: null, sslMode: 'prefer' },
    ],
    ['postgresql://me:p%40ss@db:6000/shop', { port: 6000, user: 'me', password: 'p@ss' }],
    ['postgres://[::1]/shop', { host: '::1' }],
    [
      'jdbc:postgresql://db/shop?user=a&password=b&ssl=true',
      { user: 'a', password: 'b', sslMode: 'verify-full' },
    ],
    [
      'jdbc:postgresql://db/shop?sslmode=require&currentSchema=x,y&connectTimeout=3',
      { sslMode: 'require', currentSchema: 'x,y', connectTimeoutMs: 3000 },
    ],
  ])('are read: %s', (url, expected) => {
    expect(parsePostgresUrl(url)).toMatchObject(expected);
  });

  it.each([
    ['jdbc:postgresql:shop', /does not name a PostgreSQL host/],
    ['jdbc:postgresql://db', /does not name a PostgreSQL host/],
    ['jdbc:postgresql://db/shop?sslmode=maybe', /Unknown sslmode maybe/],
  ])('that cannot work are refused: %s', (url, message) => {
    expect(() => parsePostgresUrl(url)).toThrow(message);
  });
});

describe('groupPartitions', () => {
  it.each([
    [
      5,
      2,
      [
        [0, 1, 2],
        [3, 4],
      ],
    ],
    [5, 5, [[0], [1], [2], [3], [4]]],
    [3, 7, [[0], [1], [2]]],
    [
      7,
      3,
      [
        [0, 1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
  ])('deals %d to %d', (count, groups, expected) => {
    expect(groupPartitions([...Array(count).keys()], groups)).toEqual(expected);
  });
});
