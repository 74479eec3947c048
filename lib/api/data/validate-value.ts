import { DataError } from '../errors.ts';
import { isBoxed } from './boxed.ts';
import { Decimal } from './decimal.ts';
import { Instant } from './instant.ts';
import { isPlainObject, javaClassOf } from './java-class.ts';
import { logicalNames } from './logical-names.ts';
import { schemaEquals } from './equals.ts';
import type { Schema } from './schema.ts';
import { isStruct } from './struct-brand.ts';
import type { ConnectValue } from './value.ts';

/** Throws a DataError, worded as Kafka Connect's, unless `value` may stand under `schema`. */
export function validateValue(schema: Schema, value: ConnectValue): void {
  conform(schema, value, 'value');
}

/**
 * The same check, returning the value in the form value.ts prescribes: a safe integer under INT64 becomes a bigint,
 * a number under FLOAT32 is rounded to one, a boxed number of the right type is unboxed, a plain object under MAP
 * becomes a Map. Nothing is widened: like Connect, an Int32 under INT64 is refused. The value itself is returned
 * when it is in that form already.
 */
export function conform(schema: Schema, value: ConnectValue, location: string): ConnectValue {
  if (value === null || value === undefined) {
    if (schema.optional) return null;
    throw new DataError(`Invalid value: null used for required ${location}, schema type: ${schema.type}`);
  }
  const logical = schema.name === null ? undefined : logicalClasses.get(schema.name);
  if (logical !== undefined) {
    // Connect goes by the schema's name here, whatever its type is.
    if (value instanceof logical) return value;
    throw mismatch(schema, value, location);
  }
  switch (schema.type) {
    case 'ARRAY':
      if (Array.isArray(value)) return conformArray(schema, value as readonly ConnectValue[], location);
      break;
    case 'MAP':
      if (value instanceof Map)
        return conformMap(schema, value as ReadonlyMap<ConnectValue, ConnectValue>, location);
      // What connectors written in TypeScript have at hand; a Map is what is stored.
      if (isPlainObject(value)) return conformMap(schema, new Map(Object.entries(value)), location);
      break;
    case 'STRUCT':
      if (isStruct(value)) {
        if (value.schema !== schema && !schemaEquals(value.schema, schema))
          throw new DataError('Struct schemas do not match.');
        value.validate();
        return value;
      }
      break;
    default: {
      const conformed = conformPrimitive(schema, value);
      if (conformed !== undefined) return conformed;
    }
  }
  throw mismatch(schema, value, location);
}

const logicalClasses: ReadonlyMap<string, typeof Decimal | typeof Instant> = new Map<
  string,
  typeof Decimal | typeof Instant
>([
  [logicalNames.decimal, Decimal],
  [logicalNames.date, Instant],
  [logicalNames.time, Instant],
  [logicalNames.timestamp, Instant],
]);

const integerBits = { INT8: 8, INT16: 16, INT32: 32 } as const;

/** Undefined: not a value of that type. */
function conformPrimitive(schema: Schema, value: ConnectValue): ConnectValue | undefined {
  const type = schema.type;
  if (isBoxed(value)) return value.type === type ? value.value : undefined;
  switch (type) {
    case 'INT8':
    case 'INT16':
    case 'INT32': {
      const limit = 2 ** (integerBits[type] - 1);
      return typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit
        ? value
        : undefined;
    }
    case 'INT64':
      if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : undefined;
      return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
    case 'FLOAT32':
      return typeof value === 'number' ? Math.fround(value) : undefined;
    case 'FLOAT64':
      return typeof value === 'number' ? value : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'STRING':
      return typeof value === 'string' ? value : undefined;
    default:
      return value instanceof Uint8Array ? value : undefined;
  }
}

function conformArray(schema: Schema, array: readonly ConnectValue[], location: string): ConnectValue {
  const element = elementSchema(schema.valueSchema, schema);
  const inside = `element of array ${location}`;
  let copy: ConnectValue[] | undefined;
  for (let i = 0; i < array.length; i++) {
    const item = array[i] ?? null;
    const conformed = conform(element, item, inside);
    if (conformed !== item) {
      copy ??= [...array];
      copy[i] = conformed;
    }
  }
  return copy ?? array;
}

function conformMap(
  schema: Schema,
  map: ReadonlyMap<ConnectValue, ConnectValue>,
  location: string,
): ConnectValue {
  const keySchema = elementSchema(schema.keySchema, schema);
  const valueSchema = elementSchema(schema.valueSchema, schema);
  const conformed = new Map<ConnectValue, ConnectValue>();
  let changed = false;
  for (const [key, value] of map) {
    const newKey = conform(keySchema, key, `key of map ${location}`);
    const newValue = conform(valueSchema, value, `value of map ${location}`);
    changed ||= newKey !== key || newValue !== value;
    conformed.set(newKey, newValue);
  }
  return changed ? conformed : map;
}

function elementSchema(schema: Schema | null, owner: Schema): Schema {
  if (schema === null) throw new DataError(`${owner.toString()} does not say the type of its elements`);
  return schema;
}

function mismatch(schema: Schema, value: ConnectValue, location: string): DataError {
  const name = schema.name === null ? '' : ` "${schema.name}"`;
  const message = `Invalid Java object for schema${name} with type ${schema.type}: class ${javaClassOf(value)} for ${location}`;
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  return new DataError(
    message,
    isNumber ? { hint: `The number is not in the range of ${schema.type}.` } : {},
  );
}
