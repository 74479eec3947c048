import { describe, expect, it } from 'vitest';
import { Float64, Int8 } from '../../../lib/api/data/boxed.ts';
import { Instant } from '../../../lib/api/data/instant.ts';
import { timestampSchema } from '../../../lib/api/data/logical.ts';
import { SchemaBuilder } from '../../../lib/api/data/schema-builder.ts';
import * as schemas from '../../../lib/api/data/schema.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import type { ConnectValue } from '../../../lib/api/data/value.ts';
import type { ConnectRecord } from '../../../lib/api/record.ts';
import { predicatePlugins, transformationPlugins } from '../../../lib/transforms/index.ts';
import { apply, transformation } from './transform-under-test.ts';

const schemaless = (value: ConnectValue): ConnectRecord => ({ topic: 'orders', value });

const order = SchemaBuilder.struct()
  .name('order')
  .field('id', schemas.int64Schema)
  .field('at', timestampSchema)
  .build();
const anOrder = (): ConnectRecord => ({
  topic: 'orders',
  valueSchema: order,
  value: new Struct(order).put('id', 300).put('at', new Instant(Date.UTC(2017, 0, 3))),
});

describe('the transformations of Kafka', () => {
  it('are the 26 classes a connector config may name, and three predicates', () => {
    expect(new Set(transformationPlugins.map((plugin) => plugin.class)).size).toBe(26);
    expect(predicatePlugins.map((plugin) => plugin.class.replace(/.*[.]/, ''))).toEqual([
      'HasHeaderKey',
      'RecordIsTombstone',
      'TopicNameMatches',
    ]);
  });

  it.each([
    ['Cast$Value', { spec: 'id:int8' }],
    ['ReplaceField$Value', { renames: 'id:key' }],
    ['InsertField$Value', { 'topic.field': 'topic' }],
    ['TimestampConverter$Value', { field: 'at', 'target.type': 'unix' }],
    ['SetSchemaMetadata$Value', { 'schema.name': 'x' }],
    ['HoistField$Value', { field: 'order' }],
    ['Flatten$Value', {}],
  ])('%s gives all records of a schema one new schema, so that converters write it once', (name, config) => {
    const step = transformation(name, config);

    expect(step.apply(anOrder())?.valueSchema).toBe(step.apply(anOrder())?.valueSchema);
  });

  it('leave the record they are given alone', () => {
    const value = { a: '1' };
    const record = schemaless(value);
    apply('Cast$Value', { spec: 'a:int8' }, record);

    expect(record.value).toBe(value);
    expect(value).toEqual({ a: '1' });
  });

  it.each([
    ['MaskField$Value', { fields: 'a' }, ['__proto__', 'a']],
    ['MaskField$Value', { fields: '__proto__' }, ['__proto__', 'a']],
    ['ReplaceField$Value', { renames: 'a:b' }, ['__proto__', 'b']],
    ['ReplaceField$Value', { renames: '__proto__:b,a:__proto__' }, ['b', '__proto__']],
    ['InsertField$Value', { 'static.field': '__proto__', 'static.value': 'y' }, ['__proto__', 'a']],
  ])('%s keeps a field named __proto__ as data (%j)', (name, config, fields) => {
    const value = JSON.parse('{"__proto__": "x", "a": 1}') as ConnectValue;
    const changed = apply(name, config, schemaless(value))?.value as object;

    expect(Object.keys(changed)).toEqual(fields);
    expect(Object.getPrototypeOf(changed)).toBe(Object.prototype);
  });

  it('refuse to rename the keys of a map that has others than texts, as in Java', () => {
    const map = new Map<ConnectValue, ConnectValue>([
      [1, 'one'],
      ['a', 'x'],
    ]);
    expect(() => apply('ReplaceField$Value', { renames: 'a:c' }, schemaless(map))).toThrow(
      'A key of type java.lang.Long is not a field name',
    );
  });

  it('say the type of what they cast without a schema', () => {
    expect(apply('Cast$Value', { spec: 'a:int8,b:float64' }, schemaless({ a: '5', b: 12 }))?.value).toEqual({
      a: new Int8(5),
      b: new Float64(12),
    });
  });

  it('append headers and never replace them', () => {
    const record = { ...schemaless({ a: 1 }), headers: [{ key: 'h', schema: null, value: 'old' }] };

    expect(apply('HeaderFrom$Value', { fields: 'a', headers: 'h', operation: 'move' }, record)).toMatchObject(
      {
        value: {},
        headers: [
          { key: 'h', value: 'old' },
          { key: 'h', value: 1 },
        ],
      },
    );
  });

  it('insert topics that look like patterns as they are', () => {
    const record = { topic: '$&$1', timestamp: 0, value: 'v' };

    expect(apply('TimestampRouter', {}, record)?.topic).toBe('$&$1-19700101');
  });

  it('work on the key where they are asked to', () => {
    const record = { topic: 't', key: { id: 7 }, value: 'v' };

    expect(apply('ExtractField$Key', { field: 'id' }, record)).toMatchObject({ key: 7, value: 'v' });
  });
});
