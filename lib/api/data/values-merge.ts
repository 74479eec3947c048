import { narrow } from '../../foundation/java/casts.ts';
import { DataError } from '../errors.ts';
import { Float32, Int16, Int32, Int8 } from './boxed.ts';
import { Instant } from './instant.ts';
import { dateFromDays, timeFromMillis, timestampFromMillis } from './logical.ts';
import { logicalNames } from './logical-names.ts';
import type { Schema, SchemaType } from './schema.ts';
import { fromDouble, fromLong } from './schemaless.ts';
import type { ConnectValue } from './value.ts';
import { asDouble, asLong } from './values-numbers.ts';

/** Null: nothing has been seen yet; 'none': the elements have no schema in common. */
export type CommonSchema = Schema | null | 'none';

const widening: readonly SchemaType[] = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64'];

/** The schema that holds what was seen so far and one element more; numbers are widened, nulls change nothing. */
export function mergeSchema(common: CommonSchema, next: Schema | null): CommonSchema {
  if (next === null || common === 'none') return common;
  if (common === null || common.type === next.type) return next;
  const [a, b] = [widening.indexOf(common.type), widening.indexOf(next.type)];
  if (a < 0 || b < 0) return 'none';
  return a > b ? common : next;
}

/** An element without a schema, converted to the common one. Throws a DataError where it cannot be. */
export function alignTo(schema: Schema, value: ConnectValue): ConnectValue {
  if (value === null) throw new DataError('Unable to convert a null value to a schema that requires a value');
  switch (schema.name) {
    case logicalNames.date:
      return value instanceof Instant ? value : dateFromDays(schema, narrow(asLong(value, null), 32));
    case logicalNames.time:
      return value instanceof Instant ? value : timeFromMillis(schema, narrow(asLong(value, null), 32));
    case logicalNames.timestamp:
      return value instanceof Instant ? value : timestampFromMillis(schema, asLong(value, null));
    default:
      return widening.includes(schema.type) ? alignNumber(schema.type, value) : value;
  }
}

function alignNumber(type: SchemaType, value: ConnectValue): ConnectValue {
  switch (type) {
    case 'INT8':
      return new Int8(narrow(asLong(value, null), 8));
    case 'INT16':
      return new Int16(narrow(asLong(value, null), 16));
    case 'INT32':
      return new Int32(narrow(asLong(value, null), 32));
    case 'INT64':
      return fromLong(asLong(value, null));
    case 'FLOAT32':
      return new Float32(Math.fround(asDouble(value, null)));
    default:
      return fromDouble(asDouble(value, null));
  }
}
