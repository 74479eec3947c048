import { describe, expect, it } from 'vitest';
import { Float64 } from '../../../lib/api/data/boxed.ts';
import { Decimal } from '../../../lib/api/data/decimal.ts';
import { Instant } from '../../../lib/api/data/instant.ts';
import { dateSchema, timeSchema, timestampSchema } from '../../../lib/api/data/logical.ts';
import { int64Schema, type Schema } from '../../../lib/api/data/schema.ts';
import { SchemaBuilder } from '../../../lib/api/data/schema-builder.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import type { ConnectValue } from '../../../lib/api/data/value.ts';
import { type PlainValue, plainValue } from '../../../lib/preview/plain-value.ts';

const inner = SchemaBuilder.struct().field('at', timestampSchema).build();
const outer = SchemaBuilder.struct().field('id', int64Schema).field('inner', inner).build();
const struct = new Struct(outer).put('id', 7n).put('inner', new Struct(inner).put('at', new Instant(0)));
const withDefault = SchemaBuilder.int32().optional().defaultValue(5).build();

describe('a Connect value as plain data', () => {
  it.each<[string, ConnectValue | undefined, Schema | null, PlainValue]>([
    ['a Struct in a Struct', struct, outer, { id: 7, inner: { at: '1970-01-01T00:00:00.000Z' } }],
    ['an integer beyond the safe ones', 2n ** 60n, int64Schema, 2n ** 60n],
    ['a decimal', new Decimal(1250n, 2), null, '12.50'],
    ['a date', new Instant(86_400_000), dateSchema, '1970-01-02'],
    ['a time', new Instant(1_500), timeSchema, '00:00:01.500'],
    ['a moment beyond JavaScript’s dates', new Instant(10n ** 17n), timestampSchema, '100000000000000000'],
    ['a map with text keys', new Map([['a', 1n]]), null, { a: 1 }],
    ['a map with other keys', new Map([[1n, 'x']]), null, [[1, 'x']]],
    ['bytes of a Buffer', Buffer.from([1, 2]), null, new Uint8Array([1, 2])],
    ['a boxed number in a list', [new Float64(12)], null, [12]],
    ['a null with a default', null, withDefault, 5],
    ['nothing', undefined, null, null],
  ])('%s', (_what, value, schema, expected) => {
    expect(plainValue(value, schema)).toEqual(expected);
  });
});
