import { isPlainObject, javaClassOf } from '../../api/data/java-class.ts';
import type { Field, Schema } from '../../api/data/schema.ts';
import { isStruct } from '../../api/data/struct-brand.ts';
import type { Struct } from '../../api/data/struct.ts';
import type { ConnectValue } from '../../api/data/value.ts';
import { ConnectError, DataError } from '../../api/errors.ts';
import type { SchemalessMap } from './schemaless-map.ts';

/** A schemaless map; anything else is a DataError that names the transformation's purpose as Connect does. */
export function requireMap(value: ConnectValue, purpose: string): SchemalessMap {
  if (value instanceof Map) return value as ReadonlyMap<ConnectValue, ConnectValue>;
  if (isPlainObject(value)) return value;
  throw new DataError(
    `Only Map objects supported in absence of schema for [${purpose}], found: ${javaClassOf(value)}`,
  );
}

export const requireMapOrNull = (value: ConnectValue, purpose: string): SchemalessMap | null =>
  value === null ? null : requireMap(value, purpose);

export function requireStruct(value: ConnectValue, purpose: string, schema: Schema | null = null): Struct {
  if (isStruct(value)) return value;
  throw new DataError(`Only Struct objects supported for [${purpose}], found: ${javaClassOf(value, schema)}`);
}

export const requireStructOrNull = (
  value: ConnectValue,
  purpose: string,
  schema: Schema | null = null,
): Struct | null => (value === null ? null : requireStruct(value, purpose, schema));

/** A key of a schemaless map as the name of a field. Connect casts it to a String, which fails for any other. */
export function requireFieldName(key: ConnectValue): string {
  if (typeof key === 'string') return key;
  throw new ConnectError(`A key of type ${javaClassOf(key)} is not a field name`, {
    hint: 'The transformation needs maps whose keys are all text.',
  });
}

/** The fields of a struct schema; listing those of any other is the error it is in Java. */
export function fieldsOf(schema: Schema): readonly Field[] {
  if (schema.type !== 'STRUCT') throw new DataError('Cannot list fields on non-struct type');
  return schema.fields;
}

export function fieldOf(schema: Schema, name: string): Field | undefined {
  if (schema.type !== 'STRUCT') throw new DataError('Cannot look up fields on non-struct type');
  return schema.field(name);
}
