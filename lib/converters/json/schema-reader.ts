import { ConnectError, DataError } from '../../api/errors.ts';
import { SchemaBuilder } from '../../api/data/schema-builder.ts';
import type { Schema, SchemaType } from '../../api/data/schema.ts';
import { isIntegral, isObject, toInt } from './json-node.ts';
import { isStruct } from '../../api/data/struct-brand.ts';
import type { ValueReader } from './value-reader.ts';

const primitiveTypes: ReadonlyMap<string, SchemaType> = new Map([
  ['boolean', 'BOOLEAN'],
  ['int8', 'INT8'],
  ['int16', 'INT16'],
  ['int32', 'INT32'],
  ['int64', 'INT64'],
  ['float', 'FLOAT32'],
  ['double', 'FLOAT64'],
  ['bytes', 'BYTES'],
  ['string', 'STRING'],
]);

/** The `schema` part of an envelope as a schema; null for none. Attributes of a wrong JSON type are ignored. */
export function readSchema(node: unknown, values: ValueReader): Schema | null {
  if (node === null) return null;
  const json = isObject(node) ? node : {};
  const builder = startSchema(json, values);
  if (json['optional'] === true) builder.optional();
  else builder.required();
  const { name, version, doc, parameters } = json as Readonly<
    Record<'name' | 'version' | 'doc' | 'parameters', unknown>
  >;
  if (typeof name === 'string') builder.name(name);
  if (isIntegral(version)) builder.version(toInt(version));
  if (typeof doc === 'string') builder.doc(doc);
  if (isObject(parameters)) {
    for (const [key, value] of Object.entries(parameters)) {
      if (typeof value !== 'string') throw new DataError('Schema parameters must have string values.');
      builder.parameter(key, value);
    }
  }
  if (json['default'] !== undefined) readDefault(builder, json['default'], values);
  return builder.build();
}

function readDefault(builder: SchemaBuilder, node: unknown, values: ValueReader): void {
  const value = values.read(builder.build(), node);
  // In Connect the struct's schema is one already built, which never equals the builder: it takes no such default.
  if (isStruct(value)) {
    throw new ConnectError('Invalid default value', {
      code: 'SCHEMA_BUILDER',
      cause: new DataError('Struct schemas do not match.'),
      hint: 'Give the fields of the struct defaults instead.',
    });
  }
  builder.defaultValue(value);
}

function startSchema(json: Readonly<Record<string, unknown>>, values: ValueReader): SchemaBuilder {
  const type = json['type'];
  if (typeof type !== 'string') throw new DataError("Schema must contain 'type' field");
  const primitive = primitiveTypes.get(type);
  if (primitive !== undefined) return new SchemaBuilder(primitive);
  switch (type) {
    case 'array':
      requirePart(json['items'] ?? undefined, 'Array schema did not specify the element type');
      return SchemaBuilder.array(readSchema(json['items'], values) as Schema);
    case 'map':
      // Unlike an array's, a part that is null is there: the builder refuses it.
      requirePart(json['keys'], 'Map schema did not specify the key type');
      requirePart(json['values'], 'Map schema did not specify the value type');
      return SchemaBuilder.map(
        readSchema(json['keys'], values) as Schema,
        readSchema(json['values'], values) as Schema,
      );
    case 'struct':
      return startStruct(json['fields'], values);
    default:
      throw new DataError(`Unknown schema type: ${type}`);
  }
}

function requirePart(node: unknown, missing: string): void {
  if (node === undefined) throw new DataError(missing);
}

function startStruct(fields: unknown, values: ValueReader): SchemaBuilder {
  if (!Array.isArray(fields)) throw new DataError('Struct schema\'s "fields" argument is not an array.');
  return fields.reduce((builder: SchemaBuilder, field: unknown) => {
    const name = isObject(field) ? field['field'] : undefined;
    if (typeof name !== 'string') throw new DataError("Struct schema's field name not specified properly");
    return builder.field(name, readSchema(field, values) as Schema);
  }, SchemaBuilder.struct());
}
