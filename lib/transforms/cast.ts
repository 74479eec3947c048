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
  stringSchema,
} from '../api/data/schema.ts';
import { underSchema } from '../api/data/schemaless.ts';
import type { SideContent, TransformationPlugin } from '../api/transform.ts';
import { castTo, requireCastable } from './core/cast-value.ts';
import { type CastTarget, parseCastSpec } from './core/cast-spec.ts';
import { fieldPath, fieldSyntaxExtension, replaceNullWithDefault } from './core/config-keys.ts';
import { editMap } from './core/edit-map.ts';
import { type Conversion, FieldTree } from './core/field-tree.ts';
import { requireMap, requireStruct } from './core/requirements.ts';
import { copyBasics, perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';
import { StructPlan } from './core/struct-plan.ts';

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
  ...fieldSyntaxExtension('the fields in `spec` are plain names'),
} as const satisfies ConfigKeys;

const purpose = 'cast types';

/** Casts fields, or the whole key or value, as Java casts do: numbers wrap and lose their fraction. */
const castTransformation: SideTransformation<typeof keys> = {
  name: 'Cast',
  configDef: new ConfigDef(keys),
  create(config) {
    const { whole, fields } = parseCastSpec(config.spec);
    if (whole !== null) return castWhole(whole);
    const options = { withDefault: config['replace.null.with.default'], keepsOptional: true };
    const tree = FieldTree.of(
      [...fields].map(([path, target]) => [fieldPath(path, config), { convert: conversionTo(target) }]),
    );
    const planOf = perSchema((schema) => {
      const plan = new StructPlan(schema, tree, options);
      // Connect casts a default like a value, and a struct cannot be cast.
      if (schema.default !== undefined) requireCastable(schema.type);
      return plan;
    });
    return (content) => {
      const { schema, value } = content;
      if (value === null) return content;
      if (schema === null) return { schema, value: editMap(requireMap(value, purpose), tree) };
      const plan = planOf(schema);
      return { schema: plan.schema, value: plan.apply(requireStruct(value, purpose, schema)) };
    };
  },
};

/** A whole-value cast keeps the name and version of the schema, even those of a logical type. */
function castWhole(target: CastTarget): (content: SideContent) => SideContent {
  const schemaOf = perSchema((schema) =>
    finish(copyBasics(schema, new SchemaBuilder(target)), schema, target),
  );
  return (content) => {
    if (content.value === null) return content;
    if (content.schema === null) return { schema: null, value: castTo(null, content.value, target) };
    const schema = schemaOf(content.schema);
    return { schema, value: underSchema(castTo(content.schema, content.value, target), schema) };
  };
}

const conversionTo = (target: CastTarget): Conversion => ({
  schema: (schema) => finish(new SchemaBuilder(target), schema, target),
  value(value, schema) {
    const cast = castTo(schema, value, target);
    return schema === null ? cast : underSchema(cast, castSchemas[target]);
  },
});

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

function finish(builder: SchemaBuilder, source: Schema, target: CastTarget): Schema {
  if (source.optional) builder.optional();
  if (source.default !== undefined) builder.defaultValue(castTo(source, source.default, target));
  return builder.build();
}

export const castKey: TransformationPlugin = sidePlugin('Key', castTransformation);
export const castValue: TransformationPlugin = sidePlugin('Value', castTransformation);
