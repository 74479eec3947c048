import { ConfigDef, type ConfigKeys } from '../api/config-def.ts';
import { SchemaBuilder } from '../api/data/schema-builder.ts';
import {
  booleanSchema,
  float32Schema,
  float64Schema,
  int16Schema,
  int32Schema,
  int64Schema,
  int8Schema,
  type Schema,
  type SchemaType,
  stringSchema,
} from '../api/data/schema.ts';
import { underSchema } from '../api/data/schemaless.ts';
import { Struct } from '../api/data/struct.ts';
import type { ConnectValue } from '../api/data/value.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { castTo, requireCastable } from './core/cast-value.ts';
import { type CastTarget, parseCastSpec } from './core/cast-spec.ts';
import { replaceNullWithDefault } from './core/config-keys.ts';
import type { SideContent } from './core/record-side.ts';
import { fieldsOf, requireMap, requireStruct } from './core/requirements.ts';
import { getFrom, withEntries } from './core/schemaless-map.ts';
import { copyBasics, fieldValue, perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';

const keys = {
  spec: {
    type: 'LIST',
    validator: {
      description: 'list of colon-delimited pairs, e.g. foo:bar,abc:xyz',
      ensureValid(_name, value) {
        parseCastSpec((value ?? []) as readonly string[]);
      },
    },
    importance: 'HIGH',
    doc: 'Fields and the type to cast each to, `field1:type,field2:type`, or one type for the whole value: int8, int16, int32, int64, float32, float64, boolean or string.',
  },
  ...replaceNullWithDefault,
} as const satisfies ConfigKeys;

const purpose = 'cast types';

/** Casts fields, or the whole key or value, as Java casts do: numbers wrap and lose their fraction. */
const cast: SideTransformation<typeof keys> = {
  name: 'Cast',
  configDef: new ConfigDef(keys),
  create(config) {
    const { whole, fields } = parseCastSpec(config.spec);
    const withDefault = config['replace.null.with.default'];
    const castWhole = perSchema((schema) => wholeSchema(schema, whole ?? 'STRING'));
    const castFields = perSchema((schema) => structSchema(schema, fields));
    return (content) => {
      if (content.value === null) return content;
      if (content.schema === null) return castSchemaless(content, whole, fields);
      const schema = whole === null ? castFields(content.schema) : castWhole(content.schema);
      if (whole !== null)
        return { schema, value: underSchema(castTo(content.schema, content.value, whole), schema) };
      const struct = requireStruct(content.value, purpose, content.schema);
      const values = struct.schema.fields.map((field) => {
        const target = fields.get(field.name);
        const value = fieldValue(struct, field, withDefault);
        return target === undefined ? value : underCast(castTo(field.schema, value, target), target);
      });
      return { schema, value: Struct.of(schema, values) };
    };
  },
};

function castSchemaless(
  { value }: SideContent,
  whole: CastTarget | null,
  fields: ReadonlyMap<string, CastTarget>,
): SideContent {
  if (whole !== null) return { schema: null, value: castTo(null, value, whole) };
  const map = requireMap(value, purpose);
  const casts = [...fields].map(
    ([name, target]) => [name, castTo(null, getFrom(map, name), target)] as const,
  );
  return { schema: null, value: withEntries(map, casts) };
}

const underCast = (value: ConnectValue, type: CastTarget): ConnectValue =>
  underSchema(value, castSchemas[type]);

const castSchemas: Readonly<Record<CastTarget, Schema>> = {
  INT8: int8Schema,
  INT16: int16Schema,
  INT32: int32Schema,
  INT64: int64Schema,
  FLOAT32: float32Schema,
  FLOAT64: float64Schema,
  BOOLEAN: booleanSchema,
  STRING: stringSchema,
};

/** A whole-value cast keeps the name and version of the schema, even those of a logical type. */
const wholeSchema = (schema: Schema, type: SchemaType): Schema =>
  finish(copyBasics(schema, new SchemaBuilder(type)), schema, type);

function structSchema(schema: Schema, casts: ReadonlyMap<string, CastTarget>): Schema {
  const builder = copyBasics(schema, SchemaBuilder.struct());
  for (const field of fieldsOf(schema)) {
    const target = casts.get(field.name);
    builder.field(
      field.name,
      target === undefined ? field.schema : finish(new SchemaBuilder(target), field.schema, target),
    );
  }
  return finish(builder, schema, null);
}

/** A default is cast like a value. A struct's cannot be. */
function finish(builder: SchemaBuilder, source: Schema, type: SchemaType | null): Schema {
  if (source.optional) builder.optional();
  if (source.default !== undefined) {
    if (type === null) requireCastable(source.type);
    else builder.defaultValue(castTo(source, source.default, type as CastTarget));
  }
  return builder.build();
}

export const castKey: TransformationPlugin = sidePlugin('Key', cast);
export const castValue: TransformationPlugin = sidePlugin('Value', cast);
