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
  const keySchema = keys === null ? null : inferElements(keys);
  const valueSchema = inferElements(values);
  if (valueSchema === null || (keys !== null && keySchema === null)) return null;
  return new schemas.ConnectSchema({ type, keySchema, valueSchema });
}

/** Only the type the elements share: what nested containers hold is not looked at. */
function inferElements(values: readonly ConnectValue[]): schemas.Schema | null {
  if (values.length === 0) return null;
  const present = values.filter((value) => value !== null);
  const types = present.map((value) => inferSchema(value)?.type);
  const [type] = types;
  if (present.length === 0) throw new ConnectError('type cannot be null', { code: 'SCHEMA_BUILDER' });
  if (type === undefined || types.some((other) => other !== type)) return null;
  return new schemas.ConnectSchema({ type, optional: present.length < values.length });
}
