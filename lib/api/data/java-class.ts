import { BigInteger } from './big-integer.ts';
import { isBoxed } from './boxed.ts';
import { Decimal } from './decimal.ts';
import { Instant } from './instant.ts';
import type { Schema } from './schema.ts';
import { isStruct } from './struct-brand.ts';

const numericClasses = {
  INT8: 'java.lang.Byte',
  INT16: 'java.lang.Short',
  INT32: 'java.lang.Integer',
  INT64: 'java.lang.Long',
  FLOAT32: 'java.lang.Float',
  FLOAT64: 'java.lang.Double',
} as const;
export type NumericType = keyof typeof numericClasses;

const isNumericType = (type: string | undefined): type is NumericType =>
  type !== undefined && type in numericClasses;

/** Which kind of number a value is: by its schema, else as value.ts has schemaless numbers. Null: not a number. */
export function numericTypeOf(value: unknown, schema: Schema | null): NumericType | null {
  if (typeof value === 'bigint') return 'INT64';
  if (isBoxed(value)) return value.type;
  if (typeof value !== 'number') return null;
  if (isNumericType(schema?.type)) return schema.type;
  return Number.isSafeInteger(value) ? 'INT64' : 'FLOAT64';
}

/**
 * The Java class a value stands for, as Kafka Connect's messages name it. Connect's own wording is kept because it
 * ends in traces and dead-letter headers that tools search.
 */
export function javaClassOf(value: unknown, schema: Schema | null = null): string {
  const numeric = numericTypeOf(value, schema);
  if (numeric !== null) return numericClasses[numeric];
  switch (typeof value) {
    case 'string':
      return 'java.lang.String';
    case 'boolean':
      return 'java.lang.Boolean';
    case 'object':
      return value === null ? 'null' : classOfObject(value);
    default:
      return typeof value;
  }
}

const classes: readonly (readonly [abstract new (...args: never[]) => object, string])[] = [
  [Uint8Array, '[B'],
  [Decimal, 'java.math.BigDecimal'],
  [BigInteger, 'java.math.BigInteger'],
  [Instant, 'java.util.Date'],
  [Array, 'java.util.ArrayList'],
  [Map, 'java.util.HashMap'],
];

function classOfObject(value: object): string {
  if (isStruct(value)) return 'org.apache.kafka.connect.data.Struct';
  const known = classes.find(([constructor]) => value instanceof constructor);
  if (known !== undefined) return known[1];
  return isPlainObject(value) ? 'java.util.HashMap' : value.constructor.name;
}

/** What JSON.parse returns for `{}`: the schemaless Map with string keys. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, never>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
