import { describe, expect, it } from 'vitest';
import { BigInteger } from '../../../../lib/api/data/big-integer.ts';
import { Decimal } from '../../../../lib/api/data/decimal.ts';
import { valueEquals } from '../../../../lib/api/data/equals.ts';
import { javaString } from '../../../../lib/api/data/java-string.ts';
import { decimalSchema } from '../../../../lib/api/data/logical.ts';
import { int64Schema } from '../../../../lib/api/data/schema.ts';
import { validateValue } from '../../../../lib/api/data/validate-value.ts';
import * as values from '../../../../lib/api/data/values.ts';
import { jsonValue } from '../../../../lib/connectors/core/format/json-value.ts';
import { jsonConverter } from '../../../../lib/converters/json-converter.ts';
import { apply } from '../../transforms/transform-under-test.ts';

const big = new BigInteger(123_456_789_012_345_678_901_234_567_890n);
const record = { topic: 't', value: { x: big } };

describe('a BigInteger', () => {
  it.each([
    ['text', values.convertToString(null, big), '123456789012345678901234567890'],
    ['text in a list', values.convertToString(null, [big]), '[123456789012345678901234567890]'],
    ["Java's text", javaString([big], null), '[123456789012345678901234567890]'],
    ['a long, wrapped', values.convertToLong(null, big), -4_362_896_299_872_285_998n],
    ['a byte, wrapped', values.convertToByte(null, big), -46],
    ['a double', values.convertToDouble(null, big), 1.2345678901234568e29],
    ['a boolean', values.convertToBoolean(null, big), true],
    [
      'a decimal by way of a double',
      values.convertToDecimal(null, big, 2),
      Decimal.parse('1.2345678901234568E+29'),
    ],
    ['no schema', values.inferSchema(big), null],
    ['JSON of a file', jsonValue({ x: big }), '{"x":123456789012345678901234567890}'],
  ])('becomes %s as in Java', (_what, converted, expected) => {
    expect(converted).toEqual(expected);
  });

  it.each<[string, () => unknown, string]>([
    [
      'int64',
      () => validateValue(int64Schema, big),
      'Invalid Java object for schema with type INT64: class java.math.BigInteger for value',
    ],
    [
      'a Decimal',
      () => validateValue(decimalSchema(0), big),
      'Invalid Java object for schema "org.apache.kafka.connect.data.Decimal" with type BYTES: class java.math.BigInteger for value',
    ],
    [
      'a list',
      () => values.convertToList(null, big),
      'Unable to convert 123456789012345678901234567890 (class java.math.BigInteger) to Schema{ARRAY}',
    ],
    [
      'JSON',
      () => jsonConverter.create({ 'schemas.enable': 'false' }, false).fromConnectData('t', null, big),
      'Java class class java.math.BigInteger does not have corresponding schema type.',
    ],
    [
      'Cast',
      () => apply('Cast$Value', { spec: 'x:string' }, record),
      "Cast transformation was passed a value of type class java.math.BigInteger which is not supported by Connect's data API",
    ],
    [
      'Flatten',
      () => apply('Flatten$Value', {}, record),
      "Flatten transformation was passed a value of type class java.math.BigInteger which is not supported by Connect's data API",
    ],
    [
      'TimestampConverter',
      () => apply('TimestampConverter$Value', { field: 'x', 'target.type': 'unix' }, record),
      'TimestampConverter does not support class java.math.BigInteger objects as timestamps',
    ],
  ])('is refused by %s as in Java', (_where, use, message) => {
    expect(use).toThrow(message);
  });

  it('equals one of the same value', () => {
    expect(valueEquals(big, new BigInteger(big.value))).toBe(true);
    expect(valueEquals(big, new BigInteger(1n))).toBe(false);
    expect(valueEquals(new BigInteger(1n), new Decimal(1n, 0))).toBe(false);
  });
});
