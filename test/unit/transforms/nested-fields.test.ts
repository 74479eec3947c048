import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import { Int32, Int8 } from '../../../lib/api/data/boxed.ts';
import { Instant } from '../../../lib/api/data/instant.ts';
import { SchemaBuilder } from '../../../lib/api/data/schema-builder.ts';
import * as schemas from '../../../lib/api/data/schema.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import type { ConnectValue } from '../../../lib/api/data/value.ts';
import { ConfigError, ConnectError, DataError } from '../../../lib/api/errors.ts';
import type { ConnectRecord } from '../../../lib/api/record.ts';
import { apply, transformation } from './transform-under-test.ts';

const v2 = { 'field.syntax.version': 'V2' };

/** `{id, place: {name, "geo.x": {lat}, at}}`, where `place` is optional and documented. */
const geo = SchemaBuilder.struct().name('geo').field('lat', schemas.stringSchema).build();
const place = SchemaBuilder.struct()
  .name('place')
  .version(3)
  .doc('where')
  .parameter('p', 'q')
  .optional()
  .field('name', schemas.stringSchema)
  .field('geo.x', geo)
  .field('at', schemas.int64Schema)
  .build();
const visit = SchemaBuilder.struct()
  .name('visit')
  .field('id', schemas.int64Schema)
  .field('place', place)
  .build();

const aPlace = () =>
  new Struct(place).put('name', 'Kyiv').put('geo.x', new Struct(geo).put('lat', '50')).put('at', 1_000);
const withStruct = (at: Struct | null = aPlace()): ConnectRecord => ({
  topic: 'visits',
  timestamp: 7,
  valueSchema: visit,
  value: new Struct(visit).put('id', 1).put('place', at),
});
const withMap = (value: ConnectValue): ConnectRecord => ({ topic: 'visits', timestamp: 7, value });
const aVisit = () => withMap({ id: 1, place: { name: 'Kyiv', 'geo.x': { lat: '50' }, at: 1_000 } });

/** A value as plain data, to compare structs and maps by the same table. */
function plain(value: ConnectValue): unknown {
  if (value instanceof Struct)
    return Object.fromEntries(
      value.schema.fields.map(({ name, index }) => [name, plain(value.values[index] ?? null)]),
    );
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Int8 || value instanceof Int32) return value.value;
  if (value instanceof Instant || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item as ConnectValue)]));
}

const place1 = { name: 'Kyiv', 'geo.x': { lat: '50' }, at: 1_000 };

describe('paths to nested fields (V2, an extension but for ExtractField)', () => {
  it.each<[string, ConnectorConfig, unknown]>([
    [
      'Cast',
      { spec: 'place.`geo.x`.lat:int8, id:string' },
      { id: '1', place: { ...place1, 'geo.x': { lat: 50 } } },
    ],
    [
      'MaskField',
      { fields: 'place.name,place.`geo.x`.lat' },
      { id: 1, place: { ...place1, name: '', 'geo.x': { lat: '' } } },
    ],
    ['MaskField', { fields: 'place.name', replacement: '***' }, { id: 1, place: { ...place1, name: '***' } }],
    ['ReplaceField', { exclude: 'place.`geo.x`,id' }, { place: { name: 'Kyiv', at: 1_000 } }],
    ['ReplaceField', { include: 'place.name' }, { place: { name: 'Kyiv' } }],
    [
      'ReplaceField',
      { include: 'id,place.`geo.x`.lat', renames: 'place:where,place.`geo.x`:geo,place.name:n' },
      { id: 1, where: { geo: { lat: '50' } } },
    ],
    [
      'ReplaceField',
      { include: 'place,place.name', exclude: 'place.at' },
      { place: { name: 'Kyiv', 'geo.x': { lat: '50' } } },
    ],
    [
      'ReplaceField',
      { renames: 'place.name:a.b' },
      { id: 1, place: { 'a.b': 'Kyiv', 'geo.x': { lat: '50' }, at: 1_000 } },
    ],
    ['ReplaceField', { exclude: 'place,place.name' }, { id: 1 }],
    [
      'TimestampConverter',
      { field: 'place.at', 'target.type': 'string', format: 'ss' },
      { id: 1, place: { ...place1, at: '01' } },
    ],
    [
      'InsertField',
      { 'topic.field': 'place.topic', 'static.field': 'place.`geo.x`.src!', 'static.value': 's' },
      { id: 1, place: { name: 'Kyiv', 'geo.x': { lat: '50', src: 's' }, at: 1_000, topic: 'visits' } },
    ],
    [
      'HoistField',
      { field: 'line', hoisted: 'place.name' },
      { id: 1, place: { ...place1, name: { line: 'Kyiv' } } },
    ],
    ['HoistField', { field: 'line', hoisted: 'place' }, { id: 1, place: { line: place1 } }],
    [
      'HeaderFrom',
      { fields: 'place.name', headers: 'h', operation: 'move' },
      { id: 1, place: { 'geo.x': { lat: '50' }, at: 1_000 } },
    ],
    ['ExtractField', { field: 'place.`geo.x`' }, { lat: '50' }],
  ])('%s %j changes the field in structs as in maps', (name, config, expected) => {
    for (const record of [withStruct(), aVisit()])
      expect(plain(apply(`${name}$Value`, { ...config, ...v2 }, record)?.value ?? null)).toEqual(expected);
  });

  it.each<[string, ConnectorConfig]>([
    ['Cast', { spec: 'place.`geo.x`.lat:int8' }],
    ['MaskField', { fields: 'place.name' }],
    ['ReplaceField', { exclude: 'place.name' }],
    ['TimestampConverter', { field: 'place.at', 'target.type': 'Timestamp' }],
    ['InsertField', { 'topic.field': 'place.topic' }],
    ['HoistField', { field: 'line', hoisted: 'place.name' }],
    ['HeaderFrom', { fields: 'place.name', headers: 'h', operation: 'move' }],
  ])(
    '%s keeps what a struct on the way has beside its fields, and makes one schema of one',
    (name, config) => {
      const step = transformation(`${name}$Value`, { ...config, ...v2 });
      const [first, second] = [step.apply(withStruct()), step.apply(withStruct())];
      const struct = first?.value as Struct;
      const {
        optional,
        name: schemaName,
        version,
        doc,
        parameters,
      } = first?.valueSchema?.field('place')?.schema ?? place;

      expect(first?.valueSchema).toBe(second?.valueSchema);
      expect({ optional, schemaName, version, doc, parameters }).toEqual({
        optional: true,
        schemaName: 'place',
        version: 3,
        doc: 'where',
        parameters: new Map([['p', 'q']]),
      });
      expect(struct.schema).toBe(first?.valueSchema);
      struct.validate();
    },
  );

  it.each<[string, ConnectorConfig]>([
    ['Cast', { spec: 'place.name:int8,other.name:int8' }],
    ['MaskField', { fields: 'place.name,other.name' }],
    ['ReplaceField', { exclude: 'place.name,other.name' }],
    ['TimestampConverter', { field: 'place.at', 'target.type': 'string', format: 'ss' }],
    ['InsertField', { 'topic.field': 'place.topic', 'static.field': 'other.x', 'static.value': 's' }],
    ['HoistField', { field: 'line', hoisted: 'place.name' }],
    ['HeaderFrom', { fields: 'place.name', headers: 'h', operation: 'move' }],
  ])('%s leaves a null on the way null and creates no parent', (name, config) => {
    for (const record of [withStruct(null), withMap({ id: 1, place: null })])
      expect(plain(apply(`${name}$Value`, { ...config, ...v2 }, record)?.value ?? null)).toEqual({
        id: 1,
        place: null,
      });
    expect(apply(`${name}$Value`, { ...config, ...v2 }, withMap({ id: 1 }))?.value).toEqual({ id: 1 });
  });

  it.each<[string, ConnectorConfig]>([
    ['Cast', { spec: 'id.x:int8' }],
    ['MaskField', { fields: 'id.x' }],
    ['ReplaceField', { exclude: 'id.x' }],
    ['ReplaceField', { include: 'id.x' }],
    ['TimestampConverter', { field: 'id.x', 'target.type': 'string', format: 'ss' }],
    ['InsertField', { 'topic.field': 'id.x' }],
    ['HoistField', { field: 'line', hoisted: 'id.x' }],
    ['HeaderFrom', { fields: 'id.x', headers: 'h', operation: 'copy' }],
    ['ExtractField', { field: 'id.x' }],
  ])('%s refuses a path that goes on in a number', (name, config) => {
    for (const record of [withStruct(), aVisit()])
      expect(() => apply(`${name}$Value`, { ...config, ...v2 }, record)).toThrow(DataError);
  });

  it.each<[string, ConnectorConfig, ConnectValue]>([
    ['Cast', { spec: 'a.b:int8' }, { a: { b: null } }],
    ['MaskField', { fields: 'a.b' }, { a: { b: null } }],
    ['HoistField', { field: 'line', hoisted: 'a.b' }, { a: {} }],
    ['ReplaceField', { renames: 'a.b:c' }, { a: {} }],
  ])('%s does to a key its parent map lacks what it does at the top', (name, config, expected) => {
    expect(apply(`${name}$Value`, { ...config, ...v2 }, withMap({ a: {} }))?.value).toEqual(expected);
  });

  it.each<[string, ConnectorConfig]>([
    ['Cast', { spec: 'a:string,a.b:int8' }],
    ['Cast', { spec: 'a.b:string,a:int8' }],
    ['MaskField', { fields: 'a.b,a' }],
    ['Cast', { spec: '`a:string' }],
    ['HeaderFrom', { fields: '`a', headers: 'h', operation: 'copy' }],
  ])('%s %j is a config error', (name, config) => {
    expect(() => transformation(`${name}$Value`, { ...config, ...v2 })).toThrow(ConfigError);
  });

  it('default of a struct on the way goes through the same change', () => {
    const inner = SchemaBuilder.struct().field('n', schemas.stringSchema).build();
    const withDefault = SchemaBuilder.struct()
      .optional()
      .field('n', schemas.stringSchema)
      .defaultValue(
        new Struct(SchemaBuilder.struct().optional().field('n', schemas.stringSchema).build()).put('n', '5'),
      )
      .build();
    const schema = SchemaBuilder.struct().field('inner', inner).field('d', withDefault).build();
    const value = new Struct(schema).put('inner', new Struct(inner).put('n', '1'));
    const cast = (options: ConnectorConfig) =>
      apply(
        'Cast$Value',
        { spec: 'd.n:int8', ...options, ...v2 },
        { topic: 't', valueSchema: schema, value },
      );

    expect(plain((cast({})?.valueSchema?.field('d')?.schema.default as Struct) ?? null)).toEqual({ n: 5 });
    expect(plain(cast({})?.value ?? null)).toEqual({ inner: { n: '1' }, d: { n: 5 } });
    expect(plain(cast({ 'replace.null.with.default': 'false' })?.value ?? null)).toEqual({
      inner: { n: '1' },
      d: null,
    });
    const inserted = apply(
      'InsertField$Value',
      { 'topic.field': 'd.t!', ...v2 },
      { topic: 't', valueSchema: schema, value },
    );
    expect(plain(inserted?.value ?? null)).toEqual({ inner: { n: '1' }, d: { n: '5', t: 't' } });
    expect(inserted?.valueSchema?.field('d')?.schema.default).toBeUndefined();
  });

  it('headers and key fields are named by the last step and are optional where a struct on the way is', () => {
    const header = apply(
      'HeaderFrom$Value',
      { fields: 'place.name', headers: 'h', operation: 'copy', ...v2 },
      withStruct(null),
    );
    const keyed = apply('ValueToKey', { fields: 'id,place.name', ...v2 }, withStruct(null));

    expect(header?.headers).toMatchObject([
      { key: 'h', value: null, schema: { type: 'STRING', optional: true } },
    ]);
    expect(plain(keyed?.key ?? null)).toEqual({ id: 1, name: null });
    expect(plain(apply('ValueToKey', { fields: 'id,place.name', ...v2 }, withStruct())?.key ?? null)).toEqual(
      { id: 1, name: 'Kyiv' },
    );
    expect(apply('ValueToKey', { fields: 'id,place.name,place.none', ...v2 }, aVisit())?.key).toEqual({
      id: 1,
      name: 'Kyiv',
      none: null,
    });
    expect(() => apply('ValueToKey', { fields: 'place.none', ...v2 }, withStruct())).toThrow(
      'Field does not exist: place.none',
    );
    expect(() =>
      apply('HeaderFrom$Value', { fields: 'a.b', headers: 'h', operation: 'copy', ...v2 }, withStruct()),
    ).toThrow(ConnectError);
    expect(() => transformation('ValueToKey', { fields: 'a.id,b.id', ...v2 })).toThrow(
      'Two of the fields of the key would have the name id',
    );
  });

  it('names with dots are names while the syntax is V1', () => {
    expect(
      apply('MaskField$Value', { fields: 'a.b' }, withMap({ 'a.b': 'x', a: { b: 'y' } }))?.value,
    ).toEqual({ 'a.b': '', a: { b: 'y' } });
    expect(apply('ValueToKey', { fields: 'a.b' }, withMap({ 'a.b': 'x' }))?.key).toEqual({ 'a.b': 'x' });
    expect(apply('HoistField$Value', { field: 'f', hoisted: 'a.b' }, withMap({ 'a.b': 'x' }))?.value).toEqual(
      { 'a.b': { f: 'x' } },
    );
  });

  it('maps on the way are copied, never changed', () => {
    const inner = Object.freeze({ name: 'Kyiv', at: 1 });
    const record = withMap(Object.freeze({ id: 1, place: inner }));

    expect(apply('MaskField$Value', { fields: 'place.name', ...v2 }, record)?.value).toEqual({
      id: 1,
      place: { name: '', at: 1 },
    });
    expect(inner.name).toBe('Kyiv');
  });
});
