import { ConnectError } from '../errors.ts';
import { parametersEqual } from './equals.ts';
import { javaString } from './java-string.ts';
import type { Schema, SchemaType } from './schema.ts';
import { isStruct } from './struct-brand.ts';
import { Struct } from './struct.ts';
import type { ConnectValue } from './value.ts';

const failed = (message: string, cause?: unknown): ConnectError =>
  new ConnectError(message, { code: 'SCHEMA_PROJECTOR', cause });

const widening: readonly SchemaType[] = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64'];

/**
 * Reads a value written with `source` as a value of `target`: numbers are widened, fields `target` does not have are
 * left out, those it has in addition get their default. Throws a ConnectError with code SCHEMA_PROJECTOR when the
 * schemas do not fit.
 */
export function project(source: Schema, value: ConnectValue, target: Schema): ConnectValue {
  checkCompatible(source, target);
  if (source.optional && !target.optional) {
    if (target.default === undefined) {
      throw failed('Writer schema is optional, however, target schema does not provide a default value.');
    }
    return value === null ? target.default : projectPresent(source, value, target);
  }
  return value === null ? null : projectPresent(source, value, target);
}

function checkCompatible(source: Schema, target: Schema): void {
  if (source.type !== target.type && !isPromotable(source.type, target.type)) {
    throw failed(`Schema type mismatch. source type: ${source.type} and target type: ${target.type}`);
  }
  if (source.name !== target.name) {
    throw failed(`Schema name mismatch. source name: ${source.name} and target name: ${target.name}`);
  }
  if (!parametersEqual(source.parameters, target.parameters)) {
    const [from, to] = [source.parameters, target.parameters].map((parameters) =>
      javaString(parameters, null),
    );
    throw failed(`Schema parameters not equal. source parameters: ${from} and target parameters: ${to}`);
  }
}

const isPromotable = (from: SchemaType, to: SchemaType): boolean =>
  widening.includes(from) && widening.indexOf(from) < widening.indexOf(to);

function projectPresent(source: Schema, value: ConnectValue, target: Schema): ConnectValue {
  switch (target.type) {
    case 'STRUCT':
      if (isStruct(value)) return projectStruct(value, target);
      break;
    case 'ARRAY':
      if (Array.isArray(value))
        return value.map((item) =>
          project(elementOf(source.valueSchema), item, elementOf(target.valueSchema)),
        );
      break;
    case 'MAP':
      if (value instanceof Map)
        return projectMap(source, value as ReadonlyMap<ConnectValue, ConnectValue>, target);
      break;
    default:
      return source.type === target.type ? value : widen(value, target.type);
  }
  throw failed(`The value is not of its schema's type ${source.type}`);
}

function projectStruct(value: Struct, target: Schema): Struct {
  const projected = new Struct(target);
  for (const { name, schema } of target.fields) {
    const field = value.schema.field(name);
    if (field !== undefined) {
      projected.put(name, projectField(name, field.schema, value.get(name), schema));
    } else if (!schema.optional) {
      if (schema.default === undefined) {
        throw failed(`Required field \`${name}\` is missing from source schema: ${value.schema.toString()}`);
      }
      projected.put(name, schema.default);
    }
  }
  return projected;
}

function projectField(name: string, source: Schema, value: ConnectValue, target: Schema): ConnectValue {
  try {
    return project(source, value, target);
  } catch (error) {
    // A DataError, of a default its own field refuses, is passed on as it is.
    if (!(error instanceof ConnectError) || error.code !== 'SCHEMA_PROJECTOR') throw error;
    throw failed(`Error projecting ${name}`, error);
  }
}

function projectMap(
  source: Schema,
  map: ReadonlyMap<ConnectValue, ConnectValue>,
  target: Schema,
): ConnectValue {
  const keys = [elementOf(source.keySchema), elementOf(target.keySchema)] as const;
  const values = [elementOf(source.valueSchema), elementOf(target.valueSchema)] as const;
  return new Map(
    [...map].map(([key, value]) => [project(keys[0], key, keys[1]), project(values[0], value, values[1])]),
  );
}

function elementOf(schema: Schema | null): Schema {
  if (schema === null) throw failed('A schema does not say the type of its elements');
  return schema;
}

function widen(value: ConnectValue, type: SchemaType): ConnectValue {
  // Like Connect: what is not a number, a date of a logical type for one, stays what it is.
  if (typeof value !== 'number' && typeof value !== 'bigint') return value;
  if (type === 'INT64') return BigInt(value);
  const number = Number(value);
  return type === 'FLOAT32' ? Math.fround(number) : number;
}
