import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Float64, Int8 } from '../../../../lib/api/data/boxed.ts';
import { valueEquals } from '../../../../lib/api/data/equals.ts';
import { Instant } from '../../../../lib/api/data/instant.ts';
import { SchemaBuilder } from '../../../../lib/api/data/schema-builder.ts';
import * as schemas from '../../../../lib/api/data/schema.ts';
import { underSchema, withoutSchema } from '../../../../lib/api/data/schemaless.ts';
import {
  convertToList,
  convertToMap,
  convertToString,
  convertToStruct,
  inferSchema,
  parseString,
} from '../../../../lib/api/data/values.ts';

describe('Values', () => {
  it('says the type of each number where elements have none in common', () => {
    expect(parseString('["a", 1]').value).toEqual(['a', new Int8(1)]);
  });

  it('finds keys that are equal only as the type they have in common', () => {
    expect((parseString('{1e-50:1, 0:2, 0.5:3}').value as Map<unknown, unknown>).size).toBe(2);
  });

  it.each([
    ['["2020-01-01"]', 'org.apache.kafka.connect.data.Date'],
    ['["2020-01-01 "]', null],
    ['["2020-01-01 []24:51:30.5"]', null],
  ])('takes quoted text for a date only when a date is all it is: %s', (text, name) => {
    expect(parseString(text).schema?.valueSchema?.name).toBe(name);
  });

  it('finds an equal key of a map whatever object it is', () => {
    expect((parseString('{2020-01-01:1, 2020-01-01:2}').value as Map<unknown, unknown>).size).toBe(1);
  });

  it.each([' ]  ', '\t"2024-09-08"', '  "null"'])(
    'keeps all of the text %j, which begins with white space',
    (text) => {
      expect(parseString(text).value).toBe(text);
    },
  );

  it('reads a fraction too small for a float as a zero with its sign', () => {
    expect(parseString('-32e-77').value).toBe(-0);
  });

  it.each([convertToList, convertToMap, convertToStruct])('%o refuses null', (convert) => {
    expect(() => convert(null, null)).toThrow('Unable to convert a null value');
  });

  it('keeps a Long a Long in a map whose last entries are bytes', () => {
    const outer = parseString('{"a":{"x":2147483648},"b":{"x":1}}').value as Map<
      string,
      Map<string, unknown>
    >;

    expect([outer.get('a')?.get('x'), outer.get('b')?.get('x')]).toEqual([2147483648n, 1]);
  });

  it('gives up on a list at the first element of another type, and does not look at the rest', () => {
    expect(inferSchema([1, 'a', { a: null }])).toBeNull();
    expect(() => inferSchema([{ a: null }])).toThrow('type cannot be null');
  });

  it('never throws for any text', () => {
    const tokens = fc.array(
      fc.constantFrom(
        '[',
        ']',
        '{',
        '}',
        ':',
        ',',
        '"',
        '\\',
        ' ',
        '1',
        'a',
        'null',
        'true',
        '2020-01-01',
        '1e400',
      ),
    );
    fc.assert(
      fc.property(tokens, (parts) => {
        expect(parseString(parts.join(''))).toHaveProperty('schema');
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no time over the digits of a huge exponent', () => {
    expect(parseString('1e2000000000').schema?.type).toBe('BYTES');
    expect(parseString('1e-2000000000').value).toBe(0);
  });

  it('prints every millisecond of an instant beyond 2^53', () => {
    expect(convertToString(null, new Instant(9007199254740993n))).toBe('287396-10-12T08:59:00.993Z');
  });

  it('quotes text inside containers only', () => {
    const list = SchemaBuilder.array(schemas.stringSchema).build();

    expect(convertToString(schemas.stringSchema, 'a"b')).toBe('a"b');
    expect(convertToString(list, ['a"b', 'c\\'])).toBe('["a\\"b","c\\\\"]');
  });
});

describe('values with and without a schema', () => {
  it('come back as they were', () => {
    const list = SchemaBuilder.array(
      SchemaBuilder.map(schemas.int8Schema, schemas.float64Schema).build(),
    ).build();
    const value = [new Map([[1, 2]])];

    expect(withoutSchema(value, list)).toEqual([new Map([[new Int8(1), new Float64(2)]])]);
    expect(valueEquals(underSchema(withoutSchema(value, list), list), value)).toBe(true);
  });
});
