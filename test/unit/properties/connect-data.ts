import fc from 'fast-check';
import { Decimal } from '../../../lib/api/data/decimal.ts';
import { Instant } from '../../../lib/api/data/instant.ts';
import { decimalSchema, optionalTimestampSchema, timestampSchema } from '../../../lib/api/data/logical.ts';
import { SchemaBuilder } from '../../../lib/api/data/schema-builder.ts';
import * as schemas from '../../../lib/api/data/schema.ts';
import { Struct } from '../../../lib/api/data/struct.ts';
import type { ConnectValue } from '../../../lib/api/data/value.ts';
import type { ConnectRecord } from '../../../lib/api/record.ts';

export interface Typed {
  readonly schema: schemas.Schema;
  readonly value: ConnectValue;
}

const typed = <T extends ConnectValue>(
  schema: schemas.Schema,
  values: fc.Arbitrary<T>,
): fc.Arbitrary<Typed> => values.map((value) => ({ schema, value }));

const integers = (bits: number): fc.Arbitrary<number> =>
  fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const millis = fc.integer({ min: -1e13, max: 1e13 }).map((value) => new Instant(value));
/** JSON has no NaN, no infinity and no -0.0 to come back from. */
const finite = { noNaN: true, noDefaultInfinity: true } as const;
const floats = fc.float(finite).map((value) => value + 0);
const doubles = fc.double(finite).map((value) => value + 0);

export const numbers: fc.Arbitrary<Typed> = fc.oneof(
  typed(schemas.int8Schema, integers(8)),
  typed(schemas.int16Schema, integers(16)),
  typed(schemas.int32Schema, integers(32)),
  typed(schemas.int64Schema, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  typed(schemas.float32Schema, floats),
  typed(schemas.float64Schema, doubles),
);

const primitives: fc.Arbitrary<Typed> = fc.oneof(
  numbers,
  typed(schemas.booleanSchema, fc.boolean()),
  typed(schemas.stringSchema, fc.string()),
  typed(schemas.optionalStringSchema, fc.option(fc.string())),
  typed(schemas.bytesSchema, fc.uint8Array()),
  typed(timestampSchema, millis),
  typed(optionalTimestampSchema, fc.option(millis)),
  typed(
    decimalSchema(2),
    fc.bigInt().map((unscaled) => new Decimal(unscaled, 2)),
  ),
);

export const fieldNames: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'a.b', '__proto__', 'é');

function structOf(fields: readonly (readonly [string, Typed])[]): Typed {
  const builder = SchemaBuilder.struct().name('s').version(1);
  for (const [name, { schema }] of fields) builder.field(name, schema);
  const schema = builder.build();
  const value = new Struct(schema);
  for (const [name, field] of fields) value.put(name, field.value);
  return { schema, value };
}

const { any } = fc.letrec<{ any: Typed; struct: Typed; array: Typed; map: Typed }>((tie) => ({
  any: fc.oneof({ maxDepth: 2, depthSize: 'small' }, primitives, tie('struct'), tie('array'), tie('map')),
  struct: fc
    .uniqueArray(fc.tuple(fieldNames, tie('any')), { selector: ([name]) => name, maxLength: 4 })
    .map(structOf),
  array: fc.tuple(tie('any'), fc.nat({ max: 3 })).map(([{ schema, value }, length]) => ({
    schema: SchemaBuilder.array(schema).build(),
    value: Array.from({ length }, () => value),
  })),
  map: fc
    .tuple(tie('any'), fc.uniqueArray(fc.string(), { maxLength: 3 }))
    .map(([{ schema, value }, keys]) => ({
      schema: SchemaBuilder.map(schemas.stringSchema, schema).build(),
      value: new Map(keys.map((key) => [key, value])),
    })),
}));

/** A value of any schema, structs, arrays and maps of a few levels among them. */
export const anyTyped: fc.Arbitrary<Typed> = any;

export const structs: fc.Arbitrary<Typed> = fc
  .uniqueArray(fc.tuple(fieldNames, anyTyped), { selector: ([name]) => name, minLength: 1, maxLength: 5 })
  .map(structOf);

/** What JSON without a schema is read as: plain objects, lists, texts, numbers. */
export const schemaless: fc.Arbitrary<ConnectValue> = fc
  .jsonValue({ noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value)) as ConnectValue);

export const maps: fc.Arbitrary<ConnectValue> = fc.dictionary(
  fieldNames,
  schemaless,
) as fc.Arbitrary<ConnectValue>;

/** Records whose value is a struct or a schemaless map. */
export const records: fc.Arbitrary<ConnectRecord> = fc
  .tuple(
    fc.constantFrom('orders', 'orders-1', 'x'),
    fc.oneof(
      structs.map(({ schema, value }) => ({ valueSchema: schema, value })),
      maps.map((value) => ({ valueSchema: null, value })),
    ),
    fc.array(fc.record({ key: fc.constantFrom('h', 'i'), schema: fc.constant(null), value: fc.string() }), {
      maxLength: 2,
    }),
  )
  .map(([topic, content, headers]) => ({
    topic,
    timestamp: 1_483_425_001_864,
    key: null,
    headers,
    ...content,
  }));
