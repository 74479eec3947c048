import { describe, expect, it } from 'vitest';
import { schemaEquals } from '../../../../lib/api/data/equals.ts';
import { Instant } from '../../../../lib/api/data/instant.ts';
import { logicalNames } from '../../../../lib/api/data/logical-names.ts';
import { SchemaBuilder } from '../../../../lib/api/data/schema-builder.ts';
import { project } from '../../../../lib/api/data/schema-projector.ts';
import * as schemas from '../../../../lib/api/data/schema.ts';
import { Struct } from '../../../../lib/api/data/struct.ts';

const build = () =>
  SchemaBuilder.struct()
    .name('s')
    .version(1)
    .doc('d')
    .parameter('k', 'v')
    .field('a', schemas.int32Schema)
    .build();

describe('a schema', () => {
  it('has what it was built with', () => {
    const schema = build();

    expect([schema.type, schema.optional, schema.name, schema.version, schema.doc]).toEqual([
      'STRUCT',
      false,
      's',
      1,
      'd',
    ]);
    expect(schema.parameters).toEqual(new Map([['k', 'v']]));
    expect(schema.field('a')).toEqual({ name: 'a', index: 0, schema: schemas.int32Schema });
    expect(schema.field('b')).toBeUndefined();
  });

  it('equals another built alike', () => {
    expect(schemaEquals(build(), build())).toBe(true);
    expect(schemaEquals(build(), schemas.int8Schema)).toBe(false);
  });

  it('takes each property once', () => {
    expect(() => SchemaBuilder.int8().name('a').name('b')).toThrow(
      'Invalid SchemaBuilder call: name has already been set.',
    );
    expect(() =>
      SchemaBuilder.struct().field('a', schemas.int8Schema).field('a', schemas.int8Schema),
    ).toThrow('Cannot create field because of field name duplication a');
  });

  it('is read through another by widening and defaults', () => {
    const target = SchemaBuilder.struct()
      .name('s')
      .parameter('k', 'v')
      .field('a', schemas.int64Schema)
      .field('b', SchemaBuilder.string().defaultValue('x').build())
      .build();
    const projected = project(build(), new Struct(build()).put('a', 5), target) as Struct;

    expect([projected.get('a'), projected.get('b')]).toEqual([5n, 'x']);
  });

  it('passes on what a field says of the default put into it', () => {
    const inner = SchemaBuilder.struct().build();
    const withDefault = SchemaBuilder.struct().defaultValue(new Struct(inner)).build();
    const source = SchemaBuilder.struct().field('h', SchemaBuilder.struct().build()).build();
    const target = SchemaBuilder.struct()
      .field('h', SchemaBuilder.struct().field('extra', withDefault).build())
      .build();
    const value = new Struct(source).put('h', new Struct(inner));

    expect(() => project(source, value, target)).toThrow('Struct schemas do not match.');
  });

  it('leaves a date of a logical type as it is when its integer is widened', () => {
    const source = SchemaBuilder.int32().name(logicalNames.date).build();
    const target = SchemaBuilder.int64().name(logicalNames.date).build();

    expect(project(source, new Instant(0), target)).toEqual(new Instant(0));
  });
});
