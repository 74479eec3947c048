import { describe, expect, it } from 'vitest';
import { Float64, Int32 } from '../../../../lib/api/data/boxed.ts';
import { Decimal } from '../../../../lib/api/data/decimal.ts';
import { Instant } from '../../../../lib/api/data/instant.ts';
import { dateSchema, decimalSchema, timestampSchema } from '../../../../lib/api/data/logical.ts';
import { SchemaBuilder } from '../../../../lib/api/data/schema-builder.ts';
import {
  int64Schema,
  optionalInt64Schema,
  optionalStringSchema,
  stringSchema,
} from '../../../../lib/api/data/schema.ts';
import { Struct } from '../../../../lib/api/data/struct.ts';
import { jsonValue } from '../../../../lib/connectors/core/format/json-value.ts';

describe('jsonValue', () => {
  it.each([
    ['null', null, 'null'],
    ['text', 'a"\n', '"a\\"\\n"'],
    ['text that is JSON, as text', '{"a":1}', '"{\\"a\\":1}"'],
    ['a boolean', false, 'false'],
    ['a number', 1.5, '1.5'],
    ['no number', Number.NaN, '"NaN"'],
    ['an exact long', 9_223_372_036_854_775_807n, '9223372036854775807'],
    ['a boxed number', [new Int32(5), new Float64(2)], '[5,2]'],
    ['an exact decimal', new Decimal(12_345_678_901_234_567_890n, 3), '12345678901234567.890'],
    ['bytes', new Uint8Array([0, 255]), '"AP8="'],
    ['nested values', { a: [1, { b: null }] }, '{"a":[1,{"b":null}]}'],
    ['a map with string keys', new Map([['a', 1]]), '{"a":1}'],
    ['a map with other keys', new Map<number, string>([[1, 'a']]), '[[1,"a"]]'],
  ])('writes %s', (_, value, expected) => {
    expect(jsonValue(value)).toBe(expected);
  });

  it('writes a struct with logical types, defaults and nulls as JsonConverter does', () => {
    const schema = SchemaBuilder.struct()
      .field('id', int64Schema)
      .field('price', decimalSchema(2))
      .field('day', dateSchema)
      .field('at', timestampSchema)
      .field('note', optionalStringSchema)
      .field('size', SchemaBuilder.int32().optional().defaultValue(7).build())
      .field('tags', SchemaBuilder.map(stringSchema, optionalInt64Schema).build())
      .build();
    const value = new Struct(schema)
      .put('id', 1n)
      .put('price', new Decimal(150n, 2))
      .put('day', new Instant(Date.UTC(2024, 1, 29)))
      .put('at', new Instant(1_700_000_000_123))
      .put('tags', new Map([['a', 1n]]));
    expect(jsonValue(value, schema)).toBe(
      '{"id":1,"price":1.50,"day":19782,"at":1700000000123,"note":null,"size":7,"tags":{"a":1}}',
    );
  });
});
