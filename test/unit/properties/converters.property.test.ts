import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Converter, ConverterPlugin, SchemaAndValue } from '../../../lib/api/converter.ts';
import { schemaEquals, valueEquals } from '../../../lib/api/data/equals.ts';
import { project } from '../../../lib/api/data/schema-projector.ts';
import * as schemas from '../../../lib/api/data/schema.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import type { ConnectValue } from '../../../lib/api/data/value.ts';
import { validateValue } from '../../../lib/api/data/validate-value.ts';
import { convertToString, parseString } from '../../../lib/api/data/values.ts';
import { booleanConverter } from '../../../lib/converters/boolean-converter.ts';
import { byteArrayConverter } from '../../../lib/converters/byte-array-converter.ts';
import { jsonConverter } from '../../../lib/converters/json-converter.ts';
import * as numberConverters from '../../../lib/converters/number-converters.ts';
import { simpleHeaderConverter } from '../../../lib/converters/simple-header-converter.ts';
import { stringConverter } from '../../../lib/converters/string-converter.ts';
import { encodeSchema, encodeValue } from '../../conformance/codec/encode.ts';
import { normalise } from '../../conformance/compare.ts';
import { anyTyped, maps, numbers, schemaless, structs, type Typed } from './connect-data.ts';

const enveloped = [{}, { 'decimal.format': 'NUMERIC' }].map((config) => jsonConverter.create(config, false));
const plain = jsonConverter.create({ 'schemas.enable': 'false' }, false);

/** A value with its schema as plain data; maps have no order. */
const seen = ({ schema, value }: SchemaAndValue): unknown =>
  normalise([encodeSchema(schema), encodeValue(value, schema)]);

const back = (converter: Converter, { schema, value }: Typed): unknown =>
  seen(converter.toConnectData('t', converter.fromConnectData('t', schema, value)));

describe('converters give back what they were given', () => {
  it('JSON with schemas, of any value', () => {
    fc.assert(
      fc.property(anyTyped, fc.constantFrom(...enveloped), (given, converter) => {
        expect(back(converter, given)).toEqual(seen(given));
      }),
    );
  });

  it('JSON without schemas, of what JSON can hold', () => {
    fc.assert(
      fc.property(fc.oneof(schemaless, maps), (value) => {
        const read = plain.toConnectData('t', plain.fromConnectData('t', null, value));
        expect(seen(read)).toEqual(seen({ schema: null, value }));
      }),
    );
  });

  it.each<[string, ConverterPlugin, schemas.SchemaType]>([
    ['ShortConverter', numberConverters.shortConverter, 'INT16'],
    ['IntegerConverter', numberConverters.integerConverter, 'INT32'],
    ['LongConverter', numberConverters.longConverter, 'INT64'],
    ['FloatConverter', numberConverters.floatConverter, 'FLOAT32'],
    ['DoubleConverter', numberConverters.doubleConverter, 'FLOAT64'],
  ])('%s, of its numbers', (_name, plugin, type) => {
    const optional = new schemas.ConnectSchema({ type, optional: true });
    fc.assert(
      fc.property(
        numbers.filter(({ schema }) => schema.type === type),
        ({ value }) => {
          const given = { schema: optional, value };
          expect(back(plugin.create({}, false), given)).toEqual(seen(given));
        },
      ),
    );
  });

  it.each<[ConverterPlugin, schemas.Schema, fc.Arbitrary<ConnectValue>]>([
    [booleanConverter, schemas.optionalBooleanSchema, fc.option(fc.boolean())],
    [byteArrayConverter, schemas.optionalBytesSchema, fc.option(fc.uint8Array())],
    [stringConverter, schemas.optionalStringSchema, fc.option(fc.string({ unit: 'grapheme' }))],
  ])('$class, of its values', (plugin, schema, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(back(plugin.create({}, false), { schema, value })).toEqual(seen({ schema, value }));
      }),
    );
  });

  it('headers, as the text that means the same the next time', () => {
    const headers = simpleHeaderConverter.createHeader({});
    fc.assert(
      fc.property(anyTyped, ({ schema, value }) => {
        const once = headers.toConnectHeader('t', 'h', headers.fromConnectHeader('t', 'h', schema, value));
        const text = convertToString(schema, value);
        expect(once).toEqual(text === null ? { schema: null, value: null } : parseString(text));
      }),
    );
  });

  it('integers as headers, in the smallest type that holds them', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const parsed = parseString(String(value));
        const bits = [8, 16, 32, 64].find((size) => BigInt.asIntN(size, value) === value);
        expect(parsed.schema?.type).toBe(`INT${bits}`);
        expect(BigInt(parsed.value as bigint)).toBe(value);
      }),
    );
  });
});

describe('values and schemas', () => {
  it('are valid, equal themselves, and are projected onto their own schema unchanged', () => {
    fc.assert(
      fc.property(anyTyped, ({ schema, value }) => {
        validateValue(schema, value);
        expect(schemaEquals(schema, new schemas.ConnectSchema({ ...schema }))).toBe(true);
        expect(valueEquals(project(schema, value, schema), value)).toBe(true);
      }),
    );
  });

  it('structs read what was put into them', () => {
    fc.assert(
      fc.property(structs, ({ schema, value }) => {
        const copy = new Struct(schema);
        for (const { name } of schema.fields) copy.put(name, (value as Struct).getWithoutDefault(name));
        expect(copy.equals(value)).toBe(true);
        copy.validate();
      }),
    );
  });

  // Blanks that stand alone between quotes and delimiters are lost, in Java too.
  it('lists and maps of whole numbers, booleans and texts without blanks are parsed to what prints the same', () => {
    const { any } = fc.letrec<{ any: ConnectValue }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.boolean(),
        fc.string({ unit: fc.constantFrom(...'abc:,[]{}') }),
        fc.array(tie('any'), { maxLength: 3 }),
        fc
          .uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 3 })
          .chain((keys) => tie('any').map((value) => new Map(keys.map((key) => [key, value])))),
      ),
    }));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 3 }), (value) => {
        const text = convertToString(null, value) ?? '';
        const parsed = parseString(text);
        expect(convertToString(parsed.schema, parsed.value)).toBe(text);
      }),
    );
  });
});
