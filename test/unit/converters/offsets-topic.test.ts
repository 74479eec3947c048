import { describe, expect, it } from 'vitest';
import {
  readOffsetKey,
  readOffsetValue,
  StoredPartitions,
  writeOffsetRecord,
} from '../../../lib/converters/offsets-topic.ts';

describe('records of the offsets topic', () => {
  it('read back what was written, integers exact', () => {
    const { key, value } = writeOffsetRecord('c', { db: 'é' }, { id: 9223372036854775807n, done: false });
    expect(Buffer.from(key).toString()).toBe('["c",{"db":"é"}]');
    expect(readOffsetKey(key)).toEqual({ connector: 'c', partition: { db: 'é' } });
    expect(readOffsetValue(value)).toEqual({ id: 9223372036854775807n, done: false });
  });

  it('delete an offset by having no value', () => {
    expect(writeOffsetRecord('c', { p: 1 }, null).value).toBeNull();
  });

  it.each([
    [{ p: [1] }, 'field p contains ARRAY'],
    [{ p: { q: 1 } }, 'field p contains MAP'],
    ['p', 'Offsets must be specified as a Map'],
    [new Map([[1, 2]]), 'Offsets may only use String keys'],
  ])('refuse %j as a partition', (partition, message) => {
    expect(() => writeOffsetRecord('c', partition, {})).toThrow(message);
  });

  it('are one partition whatever the order of its keys, until it is deleted', () => {
    const partitions = new StoredPartitions();
    const apply = (key: string, value: string | null) =>
      partitions.apply({ key: Buffer.from(key), value: value === null ? null : Buffer.from(value) });
    apply('["c",{"a":1,"b":2}]', '{}');
    apply('["c",{"b":2,"a":1}]', '{}');
    apply('["d",{"a":1}]', '{}');
    apply('["d",{"a":1}]', null);
    expect(apply('["c"]', '{}')).toBe(false);
    expect(apply('not json', '{}')).toBe(false);
    expect([...partitions.byConnector()]).toEqual([
      ['c', [{ a: 1, b: 2 }]],
      ['d', []],
    ]);
  });
});
