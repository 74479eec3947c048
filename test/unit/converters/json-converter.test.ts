import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Float64 } from '../../../lib/api/data/boxed.ts';
import { Decimal } from '../../../lib/api/data/decimal.ts';
import { decimalSchema } from '../../../lib/api/data/logical.ts';
import { SchemaBuilder } from '../../../lib/api/data/schema-builder.ts';
import * as schemas from '../../../lib/api/data/schema.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import { DataError } from '../../../lib/api/errors.ts';
import { jsonConverter } from '../../../lib/converters/json-converter.ts';

const schemaless = jsonConverter.create({ 'schemas.enable': 'false' }, false);
const enveloped = jsonConverter.create({}, false);
const read = (text: string) => schemaless.toConnectData('t', Buffer.from(text)).value;
const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());

const order = SchemaBuilder.struct()
  .field('id', schemas.int64Schema)
  .field('price', decimalSchema(2))
  .build();
const anOrder = () => new Struct(order).put('id', 1n).put('price', new Decimal(150n, 2));

describe('JsonConverter without schemas', () => {
  it('gives back what JSON.parse gives where that loses nothing', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (json) => {
        // Longs wrap beyond 64 bits, as in Connect.
        fc.pre(!/\d{16}|e\+/.test(json));
        const value = read(json);
        expect(JSON.parse(text(schemaless.fromConnectData('t', null, value)) ?? 'null')).toEqual(
          JSON.parse(json, (_key, each: unknown) => (Object.is(each, -0) ? 0 : each)),
        );
      }),
    );
  });

  it('keeps what JSON.parse loses', () => {
    expect(read('{"a": 12.0, "b": 9007199254740993}')).toEqual({ a: new Float64(12), b: 9007199254740993n });
  });

  it.each([
    [
      'numbers',
      { a: new Float64(12), b: 9007199254740993n, c: 1e21, d: 1e-5, e: Number.NaN },
      '{"a":12.0,"b":9007199254740993,"c":1.0E21,"d":1.0E-5,"e":"NaN"}',
    ],
    ['a map with other keys than strings', new Map([[1, 'x']]), '[[1,"x"]]'],
    ['bytes', new Uint8Array([1, 2]), '"AQI="'],
  ])('writes %s as Java does', (_what, value, json) => {
    expect(text(schemaless.fromConnectData('t', null, value))).toBe(json);
  });

  it('keeps a tombstone a tombstone', () => {
    expect(schemaless.fromConnectData('t', null, null)).toBeNull();
    expect(schemaless.toConnectData('t', null)).toEqual({ schema: null, value: null });
  });

  it('tells what is wrong with text that is not JSON', () => {
    const error = (() => {
      try {
        return read('{oops');
      } catch (thrown) {
        return thrown as DataError;
      }
    })() as DataError;

    expect(error).toBeInstanceOf(DataError);
    expect(String(error.cause)).toContain('where a field name was expected at index 1');
  });
});

describe('JsonConverter with schemas', () => {
  it('reads each later message of a schema by its payload alone, and the same', () => {
    const bytes = enveloped.fromConnectData('t', order, anOrder());
    const [first, second] = [enveloped.toConnectData('t', bytes), enveloped.toConnectData('t', bytes)];

    expect(second.schema).toBe(first.schema);
    expect((second.value as Struct).equals(first.value)).toBe(true);
    expect((second.value as Struct).equals(anOrder())).toBe(true);
  });

  it.each([
    '{"schema":{"type":"int32"},"payload":1,"x":2}',
    '{"schema":{"type":"int32"},"payload":1',
    '{"schema":{"type":"int32"},"payload":}',
  ])('does not take the remembered beginning for the whole: %s', (malformed) => {
    const converter = jsonConverter.create({}, false);
    converter.toConnectData('t', Buffer.from('{"schema":{"type":"int32"},"payload":1}'));

    expect(() => converter.toConnectData('t', Buffer.from(malformed))).toThrow(DataError);
  });

  it.each([
    '{"schema":{"type":"string"},"payload":"Gdańsk"}',
    '{"schema":{"type":"string"},"payload":"Gdańsk"} \n',
    '{"schema":{"type":"string"},"payload": "Gdańsk" }',
    '{"schema":{"type":"string"}, "payload":"Gdańsk"}',
    '{"payload":"Gdańsk","schema":{"type":"string"}}',
  ])('reads %s the same whether or not the schema is known', (json) => {
    const converter = jsonConverter.create({}, false);
    const readings = Array.from({ length: 2 }, () => converter.toConnectData('t', Buffer.from(json)).value);

    expect(readings).toEqual(['Gdańsk', 'Gdańsk']);
  });

  it('refuses a payload that is not UTF-8 behind a known schema', () => {
    const converter = jsonConverter.create({}, false);
    const bytes = Buffer.from('{"schema":{"type":"string"},"payload":"abc"}');
    converter.toConnectData('t', bytes);
    bytes[bytes.indexOf('abc')] = 0xff;

    expect(() => converter.toConnectData('t', bytes)).toThrow(DataError);
  });

  it('writes any text as JSON.stringify does', () => {
    const prefix = '{"schema":{"type":"string","optional":false},"payload":';
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const json = text(enveloped.fromConnectData('t', schemas.stringSchema, value));
        expect(json).toBe(`${prefix}${JSON.stringify(value)}}`);
      }),
    );
  });

  it('keeps the scale of a decimal written as a number, message after message', () => {
    const numeric = jsonConverter.create({ 'decimal.format': 'NUMERIC' }, false);
    const bytes = numeric.fromConnectData('t', order, anOrder());

    for (let i = 0; i < 3; i++) {
      expect((numeric.toConnectData('t', bytes).value as Struct).get('price')).toEqual(new Decimal(150n, 2));
    }
  });

  it('reads a field named like something every object inherits', () => {
    const schema = SchemaBuilder.struct().field('constructor', schemas.optionalStringSchema).build();
    const bytes = enveloped.fromConnectData('t', schema, new Struct(schema));
    const absent = Buffer.from(text(bytes)?.replace('{"constructor":null}', '{}') ?? '');

    expect((enveloped.toConnectData('t', absent).value as Struct).get('constructor')).toBeNull();
  });

  it('forgets the schemas used longest ago', () => {
    const tiny = jsonConverter.create({ 'schemas.cache.size': '1' }, false);
    const message = (name: string) => Buffer.from(`{"payload":1,"schema":{"type":"int32","name":"${name}"}}`);
    const first = tiny.toConnectData('t', message('a')).schema;

    expect(tiny.toConnectData('t', message('a')).schema).toBe(first);
    tiny.toConnectData('t', message('b'));
    expect(tiny.toConnectData('t', message('a')).schema).not.toBe(first);
  });
});
