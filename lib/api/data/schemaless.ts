import { Float32, Float64, Int16, Int32, Int8, isBoxed } from './boxed.ts';
import type { Schema } from './schema.ts';
import type { ConnectValue } from './value.ts';

/**
 * A value that stood under a schema as it must stand without one (value.ts): its numbers say their own type. Arrays
 * and maps are copied only where something in them changes its form.
 */
export function withoutSchema(value: ConnectValue, schema: Schema | null): ConnectValue {
  if (schema === null || value === null || value === undefined) return value ?? null;
  if (typeof value === 'number') return boxNumber(value, schema.type);
  if (typeof value === 'bigint') return fromLong(value);
  if (Array.isArray(value)) return value.map((item: ConnectValue) => withoutSchema(item, schema.valueSchema));
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<ConnectValue, ConnectValue>)];
    return new Map(
      entries.map(([key, item]) => [
        withoutSchema(key, schema.keySchema),
        withoutSchema(item, schema.valueSchema),
      ]),
    );
  }
  return value;
}

function boxNumber(value: number, type: string): ConnectValue {
  switch (type) {
    case 'INT8':
      return new Int8(value);
    case 'INT16':
      return new Int16(value);
    case 'INT32':
      return new Int32(value);
    case 'FLOAT32':
      return new Float32(value);
    case 'FLOAT64':
      return fromDouble(value);
    default:
      return value;
  }
}

/** A Long without a schema. */
export const fromLong = (value: bigint): ConnectValue =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;

/** A Double without a schema. */
export const fromDouble = (value: number): ConnectValue =>
  Number.isSafeInteger(value) ? new Float64(value) : value;

/** A Long or a Double stays one, whatever the schema says: Values gives maps of mixed numbers the schema of the last. */
function plainNumberUnder(value: number, schema: Schema): ConnectValue {
  if (Number.isSafeInteger(value)) return BigInt(value);
  return schema.type === 'FLOAT64' ? value : new Float64(value);
}

/**
 * The way back: numbers of the schema's type lose their box, a Long becomes a bigint. What is of another type than
 * the schema says is left as it is; `validateValue` tells.
 */
export function underSchema(value: ConnectValue, schema: Schema | null): ConnectValue {
  if (schema === null || value === null || value === undefined) return value ?? null;
  if (isBoxed(value)) return value.type === schema.type ? value.value : value;
  if (typeof value === 'number') return plainNumberUnder(value, schema);
  if (Array.isArray(value)) return value.map((item: ConnectValue) => underSchema(item, schema.valueSchema));
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<ConnectValue, ConnectValue>)];
    return new Map(
      entries.map(([key, item]) => [
        underSchema(key, schema.keySchema),
        underSchema(item, schema.valueSchema),
      ]),
    );
  }
  return value;
}
