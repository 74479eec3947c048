import { ConfigDef, type ConfigKeys } from '../api/config-def.ts';
import { SchemaBuilder } from '../api/data/schema-builder.ts';
import { Struct } from '../api/data/struct.ts';
import type { TransformationPlugin } from '../api/transform.ts';
import { fieldPath, fieldSyntaxExtension } from './core/config-keys.ts';
import { editMap } from './core/edit-map.ts';
import { type Conversion, FieldTree } from './core/field-tree.ts';
import { requireMap, requireStruct } from './core/requirements.ts';
import { checkedFor, perSchema } from './core/schemas.ts';
import { sidePlugin, type SideTransformation } from './core/side-plugin.ts';
import { StructPlan } from './core/struct-plan.ts';

const keys = {
  field: { type: 'STRING', importance: 'MEDIUM', doc: 'The name of the one field of the new struct or map.' },
  hoisted: {
    type: 'STRING',
    default: null,
    importance: 'LOW',
    doc: 'The field to wrap instead of the whole key or value (KIP-821). An extension: Kafka Connect 4.3 does not have it.',
    extension: true,
  },
  ...fieldSyntaxExtension('`hoisted` is a plain name'),
} as const satisfies ConfigKeys;

const purpose = 'hoisting';

/** Wraps the whole key or value, or one field, as the field of a struct, or of a map where there is no schema. */
const hoistField: SideTransformation<typeof keys> = {
  name: 'HoistField',
  configDef: new ConfigDef(keys),
  create(config) {
    const hoisting = hoistingInto(config.field);
    if (config.hoisted === null) {
      return {
        apply: ({ schema, value }) => ({
          schema: schema === null ? null : hoisting.schema(schema),
          value: hoisting.value(value, schema),
        }),
        fieldsChange: (schema) => ({
          schema: hoisting.schema(schema),
          takes: 'value',
          apply: (values) => {
            values[0] = checkedFor({ name: config.field, schema }, values[0] ?? null);
            return values;
          },
        }),
      };
    }
    const tree = FieldTree.of([[fieldPath(config.hoisted, config), { convert: hoisting }]]);
    // Without the defaults: a null is hoisted as the null it is, as where everything is hoisted.
    const planOf = perSchema(
      (schema) => new StructPlan(schema, tree, { withDefault: false, keepsOptional: true }),
    );
    return (content) => {
      const { schema, value } = content;
      if (value === null) return content;
      if (schema === null) return { schema, value: editMap(requireMap(value, purpose), tree) };
      const plan = planOf(schema);
      return { schema: plan.schema, value: plan.apply(requireStruct(value, purpose, schema)) };
    };
  },
};

function hoistingInto(field: string): Conversion {
  const wrapped = perSchema((schema) => SchemaBuilder.struct().field(field, schema).build());
  return {
    schema: wrapped,
    value: (value, schema) =>
      schema === null ? Object.fromEntries([[field, value]]) : new Struct(wrapped(schema)).put(field, value),
    skipsAbsent: true,
  };
}

export const hoistFieldKey: TransformationPlugin = sidePlugin('Key', hoistField);
export const hoistFieldValue: TransformationPlugin = sidePlugin('Value', hoistField);
