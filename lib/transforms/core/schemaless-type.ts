import { isPlainObject, javaClassOf, numericTypeOf } from '../../api/data/java-class.ts';
import type { SchemaType } from '../../api/data/schema.ts';
import { isStruct } from '../../api/data/struct-brand.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { DataError } from '../../api/errors.ts';

/**
 * The schema type the Java class of a value stands for. Throws a DataError that names the transformation for one that
 * stands for none, as a date, a BigDecimal and a BigInteger do without their schema.
 */
export function schemalessType(value: ConnectValue, transformation: string): SchemaType {
  const numeric = numericTypeOf(value, null);
  if (numeric !== null) return numeric;
  if (typeof value === 'string') return 'STRING';
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (value instanceof Uint8Array) return 'BYTES';
  if (Array.isArray(value)) return 'ARRAY';
  if (value instanceof Map || isPlainObject(value)) return 'MAP';
  if (isStruct(value)) return 'STRUCT';
  throw new DataError(
    `${transformation} transformation was passed a value of type class ${javaClassOf(value)} which is not supported by Connect's data API`,
  );
}
