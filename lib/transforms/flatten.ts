import { ConfigDef, type ConfigKeys } from '../api/config-def.ts';
import { javaClassOf } from '../api/data/java-class.ts';
import { SchemaBuilder } from '../api/data/schema-builder.ts';
import type { Schema } from '../api/data/schema.ts';
import { isStruct } from '../api/data/struct-brand.ts';
import { Struct } from '../api/data/struct.ts';
import type { ConnectValue } from '../api/data/value.ts';
import { DataError } from '../api/errors.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { fieldsOf, requireFieldName, requireMap, requireStruct } from './core/requirements.ts';
import { entriesOf, type SchemalessMap } from './core/schemaless-map.ts';
import { schemalessType } from './core/schemaless-type.ts';
import { copyBasics, copyOf, perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';

const keys = {
  delimiter: {
    type: 'STRING',
    default: '.',
    importance: 'MEDIUM',
    doc: 'What joins the names of nested fields.',
  },
} as const satisfies ConfigKeys;

const purpose = 'flattening';

/** Turns nested structs or maps into one level, `a.b`; arrays stay as they are. */
const flatten: SideTransformation<typeof keys> = {
  name: 'Flatten',
  configDef: new ConfigDef(keys),
  create({ delimiter }) {
    const join = (prefix: string, name: string): string => (prefix === '' ? name : prefix + delimiter + name);
    const schemaOf = perSchema((schema) => flatSchema(schema, join));
    return (content) => {
      if (content.value === null) return content;
      if (content.schema === null) {
        const flat = flattenMap(requireMap(content.value, purpose), '', join);
        return { schema: null, value: Object.fromEntries(flat) };
      }
      const struct = requireStruct(content.value, purpose, content.schema);
      const schema = schemaOf(content.schema);
      const flat = new Struct(schema);
      flattenStruct(struct, '', { join, put: (name, value) => flat.put(name, value) });
      return { schema, value: flat };
    };
  },
};

type Join = (prefix: string, name: string) => string;

function flattenMap(map: SchemalessMap, prefix: string, join: Join): [string, ConnectValue][] {
  return entriesOf(map).flatMap(([key, value]): [string, ConnectValue][] => {
    const name = join(prefix, requireFieldName(key));
    const type = value === null ? null : schemalessType(value, 'Flatten');
    if (type === 'STRUCT') {
      throw new DataError(
        `Flatten transformation does not support class ${javaClassOf(value)} for record without schemas (for field ${name}).`,
      );
    }
    return type === 'MAP' ? flattenMap(requireMap(value, purpose), name, join) : [[name, value]];
  });
}

/** What a nested struct hands down to its fields. */
interface Inherited {
  readonly optional: boolean;
  readonly default: Struct | null;
}

function flatSchema(schema: Schema, join: Join): Schema {
  const builder = copyBasics(schema, SchemaBuilder.struct());
  const addFields = (nested: Schema, prefix: string, inherited: Inherited): void => {
    for (const { name, schema: field } of fieldsOf(nested)) {
      const fullName = join(prefix, name);
      const optional = inherited.optional || field.optional;
      const fallback = field.default ?? inherited.default?.get(name) ?? null;
      if (field.type === 'MAP') {
        throw new DataError(
          `Flatten transformation does not support MAP for record with schemas (for field ${fullName}).`,
        );
      }
      if (field.type === 'STRUCT')
        addFields(field, fullName, { optional, default: isStruct(fallback) ? fallback : null });
      else builder.field(fullName, flatField(field, optional, fallback));
    }
  };
  addFields(schema, '', {
    optional: schema.optional,
    default: isStruct(schema.default) ? schema.default : null,
  });
  return builder.build();
}

function flatField(field: Schema, optional: boolean, fallback: ConnectValue): Schema {
  const builder = copyOf(field);
  if (optional) builder.optional();
  if (fallback !== null) builder.defaultValue(fallback);
  return builder.build();
}

interface Target {
  readonly join: Join;
  put(name: string, value: ConnectValue): void;
}

function flattenStruct(struct: Struct, prefix: string, target: Target): void {
  for (const { name, schema } of struct.schema.fields) {
    const fullName = target.join(prefix, name);
    if (schema.type !== 'STRUCT') {
      target.put(fullName, struct.get(name));
      continue;
    }
    // The fields of an absent struct are left unset, so that their defaults count.
    const nested = struct.getStruct(name);
    if (nested !== null) flattenStruct(nested, fullName, target);
  }
}

export const flattenKey: TransformationPlugin = sidePlugin('Key', flatten);
export const flattenValue: TransformationPlugin = sidePlugin('Value', flatten);
