import { ConnectError } from '../errors.ts';
import { numericTypeOf } from './java-class.ts';
import * as schemas from './schema.ts';
import { isStruct } from './struct-brand.ts';
import { isPlainObject } from './java-class.ts';
import type { ConnectValue } from './value.ts';

const numeric = {
  INT8: schemas.int8Schema,
  INT16: schemas.int16Schema,
  INT32: schemas.int32Schema,
  INT64: schemas.int64Schema,
  FLOAT32: schemas.float32Schema,
  FLOAT64: schemas.float64Schema,
};

/** The schema of a value that has none; null where it cannot be told: null, dates, decimals, mixed or empty lists. */
export function inferSchema(value: ConnectValue): schemas.Schema | null {
  const type = numericTypeOf(value, null);
  if (type !== null) return numeric[type];
  if (typeof value === 'string') return schemas.stringSchema;
  if (typeof value === 'boolean') return schemas.booleanSchema;
  if (value instanceof Uint8Array) return schemas.bytesSchema;
  if (isStruct(value)) return value.schema;
  if (Array.isArray(value)) return inferContainer('ARRAY', null, value);
  if (value instanceof Map) return inferContainer('MAP', [...value.keys()], [...value.values()]);
  return isPlainObject(value) ? inferContainer('MAP', Object.keys(value), Object.values(value)) : null;
}

function inferContainer(
  type: 'ARRAY' | 'MAP',
  keys: readonly ConnectValue[] | null,
  values: readonly ConnectValue[],
): schemas.Schema | null {
  const keyType = keys === null ? null : new ElementType();
  const valueType = new ElementType();
  for (const [i, value] of values.entries()) {
    // What follows an element that does not fit is not looked at: Connect would fail on some of it.
    if (keyType?.accepts(keys?.[i] ?? null) === false || !valueType.accepts(value)) return null;
  }
  if (values.length === 0) return null;
  return new schemas.ConnectSchema({
    type,
    keySchema: keyType?.schema() ?? null,
    valueSchema: valueType.schema(),
  });
}

/** Only the type the elements share: what nested containers hold is not looked at. */
class ElementType {
  #type: schemas.SchemaType | undefined;
  #optional = false;

  /** False: the element has no type, or another one than those before it. */
  accepts(element: ConnectValue): boolean {
    if (element === null) {
      this.#optional = true;
      return true;
    }
    const type = inferSchema(element)?.type;
    this.#type ??= type;
    return type !== undefined && type === this.#type;
  }

  schema(): schemas.Schema {
    if (this.#type === undefined) throw new ConnectError('type cannot be null', { code: 'SCHEMA_BUILDER' });
    return new schemas.ConnectSchema({ type: this.#type, optional: this.#optional });
  }
}
