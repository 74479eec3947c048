import { javaClassOf } from './data/java-class.ts';
import { isStruct } from './data/struct-brand.ts';
import { isBoxed } from './data/boxed.ts';
import { DataError } from './errors.ts';

/**
 * Throws a DataError for a source partition or offset Kafka Connect would not store: it must be a map of strings to
 * primitive values (null, booleans, numbers, strings, bytes). Null, which deletes an offset, passes. Called with what
 * comes from outside: a plugin, or a request to alter offsets.
 */
export function validateOffsetFormat(offset: unknown): void {
  if (offset === null || offset === undefined) return;
  for (const [key, value] of entriesOf(offset)) {
    if (typeof key !== 'string') throw new DataError('Offsets may only use String keys');
    if (isPrimitive(value)) continue;
    throw new DataError(
      `Offsets may only contain primitive types as values, but field ${key} contains ${typeName(value)}`,
    );
  }
}

function entriesOf(offset: unknown): Iterable<readonly [unknown, unknown]> {
  if (offset instanceof Map) return offset;
  if (!isMap(offset)) throw new DataError('Offsets must be specified as a Map');
  return Object.entries(offset);
}

const isMap = (value: unknown): value is object => javaClassOf(value) === 'java.util.HashMap';

const isPrimitive = (value: unknown): boolean =>
  value === null || typeof value !== 'object' || isBoxed(value) || value instanceof Uint8Array;

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'ARRAY';
  if (isStruct(value)) return 'STRUCT';
  return isMap(value) ? 'MAP' : `class ${javaClassOf(value)}`;
}
