import { describe, expect, it } from 'vitest';
import type { ConnectorConfig } from '../../../lib/api/config.ts';
import { Int32 } from '../../../lib/api/data/boxed.ts';
import { SchemaBuilder } from '../../../lib/api/data/schema-builder.ts';
import * as schemas from '../../../lib/api/data/schema.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import type { ConnectValue } from '../../../lib/api/data/value.ts';
import type { ConnectRecord } from '../../../lib/api/record.ts';
import { apply } from './transform-under-test.ts';

const withDefault = SchemaBuilder.string().defaultValue('d').build();
const inner = () => SchemaBuilder.struct().field('n', schemas.int8Schema);
const innerWithDefault = inner().defaultValue(new Struct(inner().build()).put('n', 1)).build();
const schema = SchemaBuilder.struct().field('a', schemas.stringSchema).field('b', withDefault).build();
const nested = SchemaBuilder.struct().field('a', schemas.stringSchema).field('s', innerWithDefault).build();
const record = (of = schema): ConnectRecord => ({
  topic: 't',
  valueSchema: of,
  value: new Struct(of).put('a', '1'),
});

/** Everything that builds a struct anew, with a config that leaves `b` and `s` alone. */
const rebuilding: readonly (readonly [string, ConnectorConfig])[] = [
  ['Cast', { spec: 'a:int8' }],
  ['MaskField', { fields: 'a' }],
  ['ReplaceField', { renames: 'a:c' }],
  ['InsertField', { 'topic.field': 't' }],
  ['SetSchemaMetadata', { 'schema.name': 'n' }],
  ['TimestampConverter', { field: 'a', 'target.type': 'unix', format: 's' }],
  ['HeaderFrom', { fields: 'a', headers: 'h', operation: 'move' }],
];

describe('structs that are built anew', () => {
  it.each(rebuilding)(
    '%s checks a required field whose default is not to be read, as Struct.put of Connect does',
    (name, config) => {
      expect(() =>
        apply(`${name}$Value`, { ...config, 'replace.null.with.default': 'false' }, record()),
      ).toThrow('Invalid value: null used for required field: "b", schema type: STRING');
      expect(bOf(apply(`${name}$Value`, config, record()))).toBe('d');
    },
  );

  it.each(rebuilding)(
    '%s refuses the default of a field that is a struct: its schema has no default',
    (name, config) => {
      expect(() => apply(`${name}$Value`, config, record(nested))).toThrow('Struct schemas do not match.');
    },
  );

  it.each<[ConnectorConfig, string]>([
    [{ 'timestamp.field': 'at!' }, 'at'],
    [{ 'partition.field': 'p!' }, 'p'],
  ])('InsertField %j puts nothing where the record has none, as in Connect', (config, name) => {
    const changed = apply('InsertField$Value', config, record())?.value;
    expect((changed as Struct).getWithoutDefault(name)).toBeNull();
  });

  it('HeaderFrom makes no header of a missing value whose schema is required', () => {
    const bare = SchemaBuilder.struct().field('a', schemas.stringSchema).build();
    const incomplete = { topic: 't', valueSchema: bare, value: new Struct(bare) };
    expect(() =>
      apply('HeaderFrom$Value', { fields: 'a', headers: 'h', operation: 'copy' }, incomplete),
    ).toThrow('A null value requires an optional schema but was Schema{STRING}');
  });

  it.each<[ConnectorConfig, string | undefined, unknown]>([
    [{ renames: 'none:a' }, 'none is not a valid field name', undefined],
    [{ renames: 'b:a', exclude: 'b' }, undefined, { a: 'd' }],
    [{ renames: 'a:b,b:a' }, undefined, { b: '1', a: 'd' }],
  ])('ReplaceField %j reads fields by the old name of their new one', (config, message, expected) => {
    const replace = () => String(apply('ReplaceField$Value', config, record())?.value);
    if (message === undefined)
      expect(replace()).toBe(`Struct{${textOf(expected as Record<string, string>)}}`);
    else expect(replace).toThrow(message);
  });

  it.each([
    ['ReplaceField', { exclude: 'x' }],
    ['ReplaceField', { renames: 'x:y' }],
    ['Flatten', {}],
  ])('%s %j refuses a map with keys that are no text', (name, config) => {
    const value: ConnectValue = new Map<ConnectValue, ConnectValue>([[new Int32(1), 'v']]);
    expect(() => apply(`${name}$Value`, config, { topic: 't', value })).toThrow('is not a field name');
  });

  it('TimestampRouter names the headers of a record without a timestamp', () => {
    const headers = [
      { key: 'a', schema: null, value: 'v' },
      { key: 'b', schema: null, value: null },
    ];
    const route = (some: typeof headers) => () =>
      apply('TimestampRouter', {}, { topic: 't', value: null, headers: some });

    expect(route(headers)).toThrow(
      'headers=ConnectHeaders(headers=[ConnectHeader(key=a, value=v, schema=null), ConnectHeader(key=b, value=null, schema=null)])',
    );
    expect(route([])).toThrow('headers=ConnectHeaders(headers=)');
  });
});

const bOf = (changed: ConnectRecord | null): ConnectValue =>
  changed?.value instanceof Struct ? changed.value.getWithoutDefault('b') : null;

const textOf = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join();
