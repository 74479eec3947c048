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

  it.each([
    ['\u0001\u001f', '"\\u0001\\u001F"'],
    ['\ud83d\ude00', '"\\uD83D\\uDE00"'],
    ['\ude00', '"\\uDE00"'],
    ['\\u001f', '"\\\\u001f"'],
    ['\u00e9', '"\u00e9"'],
  ])('escapes %j as Jackson does, since the bytes of a key decide its partition', (value, json) => {
    expect(text(schemaless.fromConnectData('t', null, value))).toBe(json);
  });

  it('escapes names, docs and defaults of a schema in the same way, as they stand in the same message', () => {
    const field = SchemaBuilder.string().defaultValue('x\u{1f6b0}').build();
    const schema = SchemaBuilder.struct().doc('d\u001f\u{1f6b0}').field('f\u{1f6b0}', field).build();
    const converter = jsonConverter.create({ 'schemas.enable': 'true' }, false);
    const bytes = converter.fromConnectData('t', schema, new Struct(schema).put('f\u{1f6b0}', 'v\u001b'));
    expect(Buffer.from(bytes ?? []).toString()).toBe(
      '{"schema":{"type":"struct","fields":[{"type":"string","optional":false,"default":"x\\uD83D\\uDEB0","field":"f\\uD83D\\uDEB0"}],"optional":false,"doc":"d\\u001F\\uD83D\\uDEB0"},"payload":{"f\\uD83D\\uDEB0":"v\\u001B"}}',
    );
  });

  it.each(['{"\\ud83d":1}', '{"a":{"\\uDE00\\uD83D":1}}'])(
    'refuses half a surrogate pair in a name: %s',
    (json) => {
      expect(() => read(json)).toThrow(DataError);
    },
  );

  it('takes half a surrogate pair in a value, and a whole one in a name', () => {
    expect(read('{"\\ud83d\\ude00":"\\ud83d"}')).toEqual({ '\ud83d\ude00': '\ud83d' });
  });

  it.each([
    ['-0.0', new Float64(0)],
    ['-0e5', new Float64(0)],
    ['-1e-400', new Float64(-0)],
    ['1e00000000001', new Float64(10)],
  ])('reads %s by way of a decimal', (json, value) => {
    expect(read(json)).toEqual(value);
  });

  it('refuses an exponent no decimal can have', () => {
    expect(() => read('[1e99999999999]')).toThrow(DataError);
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

  it('writes any text so that JSON.parse reads it, with the escapes of Jackson', () => {
    const prefix = '{"schema":{"type":"string","optional":false},"payload":';
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const json = text(enveloped.fromConnectData('t', schemas.stringSchema, value));
        expect(json?.startsWith(prefix)).toBe(true);
        expect(JSON.parse(json ?? '')).toMatchObject({ payload: value });
        expect(json?.replaceAll('\\\\', '')).not.toMatch(/\\u[\dA-F]{0,3}[a-f]/);
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

  it.each([
    ['{"type":"map","keys":null,"values":{"type":"int8"}}', 'keySchema cannot be null.'],
    ['{"type":"map","keys":{"type":"int8"},"values":null}', 'valueSchema cannot be null.'],
    ['{"type":"map","keys":{"type":"no such type"}}', 'Map schema did not specify the value type'],
    ['{"type":"array","items":null}', 'Array schema did not specify the element type'],
    ['{"type":"struct","fields":[],"default":{}}', 'Invalid default value'],
  ])('says what is wrong with the schema %s', (schema, message) => {
    const bytes = Buffer.from(`{"schema":${schema},"payload":{}}`);

    expect(() => enveloped.toConnectData('t', bytes)).toThrow(message);
  });

  it('complains about a schema that cannot be written before it complains about the value', () => {
    const bare = SchemaBuilder.struct().field('a', schemas.int8Schema).build();
    const schema = SchemaBuilder.struct()
      .field('a', schemas.int8Schema)
      .defaultValue(new Struct(bare).put('a', 1))
      .build();

    expect(() => enveloped.fromConnectData('t', schema, 'no struct')).toThrow('Mismatching schema.');
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
