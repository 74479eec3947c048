import { describe, expect, it } from 'vitest';
import { Decimal } from '../../../lib/api/data/decimal.ts';
import { Instant } from '../../../lib/api/data/instant.ts';
import { timestampSchema } from '../../../lib/api/data/logical.ts';
import { int32Schema, int64Schema, stringSchema } from '../../../lib/api/data/schema.ts';
import { SchemaBuilder } from '../../../lib/api/data/schema-builder.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import type { ConnectRecord } from '../../../lib/api/record.ts';
import { diffRecords } from '../../../lib/preview/record-diff.ts';
import { recordLeaves } from '../../../lib/preview/record-leaves.ts';

const record = (parts: Partial<ConnectRecord> = {}): ConnectRecord => ({ topic: 't', ...parts });
const lines = (before: Partial<ConnectRecord>, after: Partial<ConnectRecord>): string[] =>
  diffRecords(recordLeaves(record(before)), recordLeaves(record(after)))
    .filter(({ path }) => path.startsWith('value') || path.startsWith('headers'))
    .map(({ mark, path }) => `${mark} ${path}`);

describe('a diff of two records', () => {
  it.each<[string, Partial<ConnectRecord>, Partial<ConnectRecord>, string[]]>([
    ['the same', { value: { a: 1 } }, { value: { a: 1 } }, ['= value.a']],
    ['a changed field', { value: { a: 1, b: 2 } }, { value: { a: 1, b: 3 } }, ['= value.a', '~ value.b']],
    ['an added field', { value: { a: 1 } }, { value: { a: 1, b: 2 } }, ['= value.a', '+ value.b']],
    [
      'a removed field, shown where it was',
      { value: { a: 1, b: 2, c: 3 } },
      { value: { a: 1, c: 3 } },
      ['= value.a', '- value.b', '= value.c'],
    ],
    [
      'a renamed field',
      { value: { a: 1, c: 3 } },
      { value: { b: 1, c: 3 } },
      ['- value.a', '+ value.b', '= value.c'],
    ],
    [
      'fields in another order',
      { value: { a: 1, b: 2 } },
      { value: { b: 2, a: 1 } },
      ['= value.b', '= value.a'],
    ],
    [
      'a nested field',
      { value: { a: { b: [1, 2] } } },
      { value: { a: { b: [1] } } },
      ['= value.a.b[0]', '- value.a.b[1]'],
    ],
    ['a struct that became text', { value: { a: 1 } }, { value: 'x' }, ['- value.a', '+ value']],
    ['a tombstone', { value: { a: 1 } }, { value: null }, ['- value.a', '+ value']],
    [
      'a type alone',
      { value: 1, valueSchema: int32Schema },
      { value: 1n, valueSchema: int64Schema },
      ['~ value'],
    ],
    ['bytes', { value: new Uint8Array([1]) }, { value: new Uint8Array([2]) }, ['~ value']],
    ['equal decimals', { value: new Decimal(150n, 2) }, { value: new Decimal(150n, 2) }, ['= value']],
    [
      'decimals that differ only in scale',
      { value: new Decimal(150n, 2) },
      { value: new Decimal(15n, 1) },
      ['~ value'],
    ],
    [
      'headers of the same name',
      { headers: [{ key: 'h', schema: null, value: 1 }] },
      {
        headers: [
          { key: 'h', schema: null, value: 1 },
          { key: 'h', schema: null, value: 2 },
        ],
      },
      ['= value', '= headers.h', '+ headers.h#2'],
    ],
  ])('shows %s', (_what, before, after, expected) => {
    expect(lines(before, after)).toEqual(expected);
  });

  it('shows values of a struct with their types and defaults', () => {
    const schema = SchemaBuilder.struct().field('at', timestampSchema).field('name', stringSchema).build();
    const value = new Struct(schema).put('at', new Instant(0)).put('name', 'Ann');
    expect(recordLeaves(record({ valueSchema: schema, value, timestamp: 1_000 }))).toEqual([
      { path: 'topic', value: 't', type: 'STRING' },
      { path: 'key', value: null, type: 'null' },
      { path: 'value.at', value: '1970-01-01T00:00:00.000Z', type: 'Timestamp' },
      { path: 'value.name', value: 'Ann', type: 'STRING' },
      { path: 'timestamp', value: '1970-01-01T00:00:01.000Z', type: 'Timestamp' },
    ]);
  });
});
