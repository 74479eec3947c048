import { describe, expect, it } from 'vitest';
import { Int32 } from '../../../../lib/api/data/boxed.ts';
import { Decimal } from '../../../../lib/api/data/decimal.ts';
import { Instant } from '../../../../lib/api/data/instant.ts';
import { dateSchema, decimalSchema } from '../../../../lib/api/data/logical.ts';
import { SchemaBuilder } from '../../../../lib/api/data/schema-builder.ts';
import * as schemas from '../../../../lib/api/data/schema.ts';
import { Struct } from '../../../../lib/api/data/struct.ts';
import { DataError } from '../../../../lib/api/errors.ts';

const order = SchemaBuilder.struct()
  .name('order')
  .field('id', schemas.int64Schema)
  .field('note', SchemaBuilder.string().optional().defaultValue('none').build())
  .field('day', dateSchema)
  .field('tags', SchemaBuilder.array(schemas.int64Schema).optional().build())
  .build();

const valid = () => new Struct(order).put('id', 1n).put('day', new Instant(86_400_000));

describe('Struct', () => {
  it('normalises a safe integer under INT64 to a bigint, also inside arrays', () => {
    const struct = valid().put('id', 7).put('tags', [1, 2n]);

    expect(struct.get('id')).toBe(7n);
    expect(struct.get('tags')).toEqual([1n, 2n]);
  });

  it('takes a plain object for a map', () => {
    const schema = SchemaBuilder.struct()
      .field('m', SchemaBuilder.map(schemas.stringSchema, schemas.int64Schema).build())
      .build();

    expect(new Struct(schema).put('m', { a: 1 }).getMap('m')).toEqual(new Map([['a', 1n]]));
  });

  it('keeps the very array that needs no change', () => {
    const tags = [1n, 2n];

    expect(valid().put('tags', tags).get('tags')).toBe(tags);
  });

  it('reads an unset field as its default, except without defaults and in typed getters', () => {
    const struct = valid();

    expect(struct.get('note')).toBe('none');
    expect(struct.getWithoutDefault('note')).toBeNull();
    expect(struct.getString('note')).toBeNull();
  });

  it.each([
    ['id', 'x', 'Invalid Java object for schema with type INT64: class java.lang.String for field: "id"'],
    [
      'id',
      new Int32(1),
      'Invalid Java object for schema with type INT64: class java.lang.Integer for field: "id"',
    ],
    ['id', 1.5, 'Invalid Java object for schema with type INT64: class java.lang.Double for field: "id"'],
    ['id', 2n ** 63n, 'Invalid Java object for schema with type INT64: class java.lang.Long for field: "id"'],
    ['id', null, 'Invalid value: null used for required field: "id", schema type: INT64'],
    ['nope', 1, 'nope is not a valid field name'],
  ])('refuses %s = %s', (field, value, message) => {
    expect(() => valid().put(field, value)).toThrow(expect.objectContaining({ code: 'DATA', message }));
  });

  it('is complete only when every required field is set', () => {
    expect(() => new Struct(order).put('id', 1n).validate()).toThrow('field: "day"');
    expect(() => valid().validate()).not.toThrow();
  });

  it('equals another with an equal schema and equal values', () => {
    const same = new Struct(SchemaBuilder.struct().field('d', decimalSchema(2)).build()).put(
      'd',
      new Decimal(150n, 2),
    );
    const other = new Struct(SchemaBuilder.struct().field('d', decimalSchema(2)).build()).put(
      'd',
      new Decimal(150n, 2),
    );

    expect(same.equals(other)).toBe(true);
    expect(same.equals(other.put('d', new Decimal(15n, 2)))).toBe(false);
    expect(valid().equals(null)).toBe(false);
  });

  it('takes over values by position, unchecked', () => {
    const struct = Struct.of(order, [1n, null, new Instant(0), null]);

    expect(struct.getInt64('id')).toBe(1n);
    expect(struct.equals(new Struct(order).put('id', 1n).put('day', new Instant(0)))).toBe(true);
  });

  it('prints as in Java', () => {
    expect(valid().put('note', 'x').toString()).toBe('Struct{id=1,note=x,day=Fri Jan 02 00:00:00 UTC 1970}');
  });

  it('needs a struct schema', () => {
    expect(() => new Struct(schemas.int8Schema)).toThrow(new DataError('Not a struct schema: Schema{INT8}'));
  });
});
